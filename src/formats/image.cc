#include "formats/image.h"

#include <span>
#include <utility>

#include "base/hash.h"

namespace imageserver {
namespace {

constexpr std::size_t kEtagBytes = 16;

}  // namespace

std::string entity_tag(std::string_view data) { return entity_tag(sha256(data)); }

std::string entity_tag(const Sha256& hash) {
  return '"' + to_hex(std::span(hash).first<kEtagBytes>()) + '"';
}

bool is_entity_tag(std::string_view text) {
  constexpr std::size_t kSize = 2 * kEtagBytes + 2;
  return text.size() == kSize && text.front() == '"' && text.back() == '"' &&
         text.find_first_not_of("0123456789abcdef", 1) == kSize - 1;
}

ImagePtr draft(Format format, Bytes data, Frames frames) {
  return std::make_shared<const Image>(Image{format, std::move(data), frames, {}});
}

ImagePtr make_image(Format format, Bytes data, Frames frames) {
  const std::string tag = entity_tag(data.view());
  return make_image(format, std::move(data), frames, tag);
}

ImagePtr make_image(Format format, Bytes data, Frames frames, std::string_view etag) {
  return std::make_shared<const Image>(Image{format, std::move(data), frames, std::string(etag)});
}

ImagePtr make_description(Bytes json) {
  std::string tag = entity_tag(json.view());
  return std::make_shared<const Image>(
      Image{std::nullopt, std::move(json), Frames{}, std::move(tag)});
}

ImagePtr make_original(Bytes data, std::string etag) {
  Versions version;
  if (is_entity_tag(etag)) version = *parse_versions(etag.substr(1, etag.size() - 2));
  return std::make_shared<const Image>(
      Image{std::nullopt, std::move(data), Frames{}, std::move(etag), std::move(version)});
}

ImagePtr with_versions(const ImagePtr& image, Versions made_of) {
  Image copy = *image;
  copy.made_of = std::move(made_of);
  return std::make_shared<const Image>(std::move(copy));
}

std::size_t value_size(const Image& image) {
  const std::size_t name = image.format ? format_name(*image.format).size() : 0;
  return sizeof(std::uint32_t) + name + sizeof(std::uint32_t) + image.data.size();
}

}  // namespace imageserver
