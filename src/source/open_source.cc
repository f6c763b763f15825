#include "source/open_source.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "source/directory_source.h"
#include "source/http_source.h"
#include "source/origin_url.h"

namespace imageserver {
namespace {

using Opened = Result<std::unique_ptr<Source>>;

struct Kind {
  std::string_view beginning;  // of the places of this kind
  bool is_remote;
  Opened (*open)(const std::string& place, const SourceMeans& means);
  std::string (*setting)(const std::string& place);
};

Opened open_http(const std::string& place, const SourceMeans& means) {
  Result<OriginUrl> base = parse_base_url(place);
  if (base.has_error()) return base.error();
  return Opened(std::make_unique<HttpSource>(means.fetcher(), *std::move(base), means.fields));
}

std::string http_setting(const std::string& place) {
  const Result<OriginUrl> base = parse_base_url(place);
  return base.has_value() ? base->text() : place;
}

Opened open_directory(const std::string& place, const SourceMeans& means) {
  if (place.find("://") != std::string::npos) {
    return Error{ErrorKind::kInvalidParam, "must be a directory, or a URL of http or https"};
  }
  if (!means.fields.empty()) {
    return Error{ErrorKind::kInvalidParam, "a directory takes no header fields"};
  }
  return open_directory_source(place);
}

std::string directory_setting(const std::string& /*place*/) { return "directory"; }

// The first one that fits holds.
constexpr auto kKinds = std::to_array<Kind>({
    {"https://", true, open_http, http_setting},
    {"http://", true, open_http, http_setting},
    {"", false, open_directory, directory_setting},
});

const Kind& kind_of(std::string_view place) {
  return *std::ranges::find_if(kKinds,
                               [&](const Kind& kind) { return place.starts_with(kind.beginning); });
}

}  // namespace

Result<std::unique_ptr<Source>> open_source(const std::string& place, const SourceMeans& means) {
  return kind_of(place).open(place, means);
}

std::string source_setting(const std::string& place) { return kind_of(place).setting(place); }

bool is_remote(const std::string& place) { return kind_of(place).is_remote; }

}  // namespace imageserver
