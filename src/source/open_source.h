// The kinds of places that have originals: one row a kind.

#ifndef IMAGESERVER_SOURCE_OPEN_SOURCE_H_
#define IMAGESERVER_SOURCE_OPEN_SOURCE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "imageserver/error.h"
#include "source/http_fetcher.h"
#include "source/source.h"

namespace imageserver {

// What a place may be opened with.
struct SourceMeans {
  std::function<HttpFetcher&()> fetcher;  // called if the place needs one
  std::vector<std::string> fields = {};   // for its server, as `Name: value`
};

// Opens the place that a flag names: `https://HOST/PATH/`, `http://...`, or a directory. The error
// has a text for the operator. Blocks on the disk. Threads: any, if the fetcher may be called from
// there.
[[nodiscard]] Result<std::unique_ptr<Source>> open_source(const std::string& place,
                                                          const SourceMeans& means);

// What other nodes should have alike of such a place: the URL, or that it is a directory, whose
// path may differ. Threads: any.
[[nodiscard]] std::string source_setting(const std::string& place);

// Whether originals are fetched from there, and not read from the disk. Threads: any.
[[nodiscard]] bool is_remote(const std::string& place);

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_OPEN_SOURCE_H_
