// Which bytes an original has. Threads: any.

#ifndef IMAGESERVER_FORMATS_VERSION_H_
#define IMAGESERVER_FORMATS_VERSION_H_

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"

namespace imageserver {

// The SHA-256 of an original's bytes, cut to 128 bits. It is the same on every machine, whatever
// the file's time or the origin's ETag is there.
using Version = std::array<unsigned char, 16>;

// Of all that a picture is made of: of its original, and behind that of its watermark if it has
// one. Empty: not known.
using Versions = std::vector<Version>;

[[nodiscard]] Version version_of(const Sha256& hash);

// 32 hex digits in lower case.
[[nodiscard]] std::string version_text(const Version& version);

// The texts of all of them, with a comma between each two.
[[nodiscard]] std::string versions_text(const Versions& versions);

// None if it is no text of one or two versions.
[[nodiscard]] std::optional<Versions> parse_versions(std::string_view text);

// By what a source tells one version of an original from another. It differs from machine to
// machine, so it only says when to look at the bytes again. For an HTTP origin: RFC 9110, section
// 8.8. A file has an `etag` alone, made of its times, size and inode.
struct Validators {
  std::string etag;
  std::string last_modified;

  [[nodiscard]] bool empty() const { return etag.empty() && last_modified.empty(); }
  friend bool operator==(const Validators&, const Validators&) = default;
};

}  // namespace imageserver

#endif  // IMAGESERVER_FORMATS_VERSION_H_
