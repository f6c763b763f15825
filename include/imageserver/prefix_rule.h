// What holds for the paths that begin alike.

#ifndef IMAGESERVER_PREFIX_RULE_H_
#define IMAGESERVER_PREFIX_RULE_H_

#include <string>

namespace imageserver {

// `--source=PREFIX=DIRECTORY`, `--fallback=PREFIX=PATH`. Of all rules whose prefix a path begins
// with, by whole segments, the longest holds.
struct PrefixRule {
  std::string prefix = "/";  // `/`, or `/a/b` without a slash at the end
  std::string value;

  friend bool operator==(const PrefixRule&, const PrefixRule&) = default;
};

}  // namespace imageserver

#endif  // IMAGESERVER_PREFIX_RULE_H_
