// What a node makes of an original, ready to be sent: the value that is cached, shared and served.
// Threads: any.

#ifndef IMAGESERVER_FORMATS_IMAGE_H_
#define IMAGESERVER_FORMATS_IMAGE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/hash.h"
#include "formats/format.h"
#include "formats/version.h"

namespace imageserver {

// How many frames of the source the picture holds. `read` is below `total` only where the limit on
// frames cut an animation short.
struct Frames {
  std::uint32_t read = 1;
  std::uint32_t total = 1;

  [[nodiscard]] bool truncated() const { return read < total; }
  friend bool operator==(const Frames&, const Frames&) = default;
};

// An encoded picture, the description of an original, or an original. Immutable once made; shared
// between the cache and every answer under way.
struct Image {
  std::optional<Format> format;  // none: `data` is a description, a JSON object, or an original
  Bytes data;
  Frames frames;

  // Strong, quotes included: a hash of `data`, made once in the ring. A draft() has none yet.
  std::string etag;

  // Of the originals that it was made of. Empty as it leaves a renderer, and where a node does not
  // say it.
  Versions made_of = {};
};

using ImagePtr = std::shared_ptr<const Image>;

// A strong entity tag of the bytes, quotes included (RFC 9110, section 8.8.3): SHA-256, cut to 128
// bits, in hex.
[[nodiscard]] std::string entity_tag(std::string_view data);

// The same of bytes whose SHA-256 is known.
[[nodiscard]] std::string entity_tag(const Sha256& hash);

// Whether the text looks like an entity_tag().
[[nodiscard]] bool is_entity_tag(std::string_view text);

// An Image as it leaves the image room: its ETag is empty, as it is for the server to make.
[[nodiscard]] ImagePtr draft(Format format, Bytes data, Frames frames);

// Makes an Image and fills in the ETag, the data's entity_tag().
[[nodiscard]] ImagePtr make_image(Format format, Bytes data, Frames frames);

// The same of data whose tag is known from who made it. REQUIRES: is_entity_tag(etag).
[[nodiscard]] ImagePtr make_image(Format format, Bytes data, Frames frames, std::string_view etag);

// A description of an original, with the ETag of the data.
[[nodiscard]] ImagePtr make_description(Bytes json);

// An original; `etag` is its entity_tag(), which says its version too.
[[nodiscard]] ImagePtr make_original(Bytes data, std::string etag);

// The same picture, which says what it was made of.
[[nodiscard]] ImagePtr with_versions(const ImagePtr& image, Versions made_of);

// Bytes the picture takes on the wire between peers and in the cache's books (groupcache's value):
// two 4-byte lengths, the format's name and the data. ETag and frames stand beside the value.
[[nodiscard]] std::size_t value_size(const Image& image);

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_IMAGE_H_
