// Originals below a URL.

#ifndef IMAGESERVER_SOURCE_HTTP_SOURCE_H_
#define IMAGESERVER_SOURCE_HTTP_SOURCE_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "source/http_fetcher.h"
#include "source/origin_url.h"
#include "source/source.h"

namespace imageserver {

// An original's name is its URL. It does not block.
class HttpSource final : public Source {
 public:
  // `base` is of parse_base_url(). `fields`, as `Name: value`, are told to its server alone.
  // REQUIRES: `fetcher` outlives it.
  HttpSource(HttpFetcher& fetcher, OriginUrl base, std::vector<std::string> fields);

  [[nodiscard]] std::optional<std::string> name_of(std::string_view path) const override;
  [[nodiscard]] std::optional<std::string> beginning_of(std::string_view folder) const override;
  [[nodiscard]] bool blocks() const override { return false; }
  [[nodiscard]] std::size_t fits(std::string_view name) const override;
  void fetch(FetchRequest request, std::stop_token stop, Done done) override;

 private:
  HttpFetcher& fetcher_;
  const OriginUrl base_;
  const std::string base_text_;
  const std::vector<std::string> fields_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_HTTP_SOURCE_H_
