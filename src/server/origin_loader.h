// Loads originals from the servers that have them.

#ifndef IMAGESERVER_SERVER_ORIGIN_LOADER_H_
#define IMAGESERVER_SERVER_ORIGIN_LOADER_H_

#include <utility>
#include <vector>

#include "groupcache/loader.h"
#include "imageserver/untrusted_formats.h"
#include "server/source_checker.h"
#include "source/sources.h"

namespace imageserver {

// Another node may ask for any name: it is given what one of the sources has, and what begins like
// a format that is read.
//
// Threads: as Loader. REQUIRES: the sources and the checker, which hears what was seen, outlive
// every load.
class OriginLoader final : public Loader {
 public:
  OriginLoader(std::vector<const Sources*> sources, const UntrustedFormats& untrusted,
               SourceChecker& checker)
      : sources_(std::move(sources)), untrusted_(untrusted), checker_(checker) {}

  // Errors: as Source::fetch() has them; kUnprocessable also for what begins like nothing that is
  // read. REQUIRES: the query is an original_query().
  void load(QueryPtr query, std::stop_token stop, Completion done) override;

  // Fetches wait for servers, and for nothing of this node's.
  [[nodiscard]] bool has_backlog() const override { return false; }

 private:
  const std::vector<const Sources*> sources_;
  const UntrustedFormats untrusted_;
  SourceChecker& checker_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_ORIGIN_LOADER_H_
