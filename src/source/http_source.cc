#include "source/http_source.h"

#include <utility>

#include "params/no_such_picture.h"
#include "params/percent.h"

namespace imageserver {

HttpSource::HttpSource(HttpFetcher& fetcher, OriginUrl base, std::vector<std::string> fields)
    : fetcher_(fetcher),
      base_(std::move(base)),
      base_text_(base_.text()),
      fields_(std::move(fields)) {}

std::optional<std::string> HttpSource::name_of(std::string_view path) const {
  const std::optional<OriginUrl> url = below(base_, path);
  if (!url) return std::nullopt;
  return url->text();
}

std::optional<std::string> HttpSource::beginning_of(std::string_view folder) const {
  return folder.empty() ? base_text_.substr(0, base_text_.size() - 1) : name_of(folder);
}

// A name that no path has may lead out of the base, as an origin decodes more than we do.
std::size_t HttpSource::fits(std::string_view name) const {
  if (!name.starts_with(base_text_)) return 0;
  const auto path = percent_decode(name.substr(base_text_.size()), Plus::kIsPlus);
  return path && name_of(*path) == name ? base_text_.size() : 0;
}

void HttpSource::fetch(FetchRequest request, std::stop_token stop, Done done) {
  Result<OriginUrl> url = parse_origin_url(request.name);
  if (url.has_error()) return done(no_such_picture());
  fetcher_.fetch({.url = *std::move(url),
                  .fields = fields_,
                  .known = std::move(request.known),
                  .deadline = request.deadline},
                 std::move(stop), std::move(done));
}

}  // namespace imageserver
