// Where the originals lie whose paths begin alike.

#ifndef IMAGESERVER_SOURCE_RULE_H_
#define IMAGESERVER_SOURCE_RULE_H_

#include <string>

namespace imageserver {

// `--source=PREFIX=PLACE`. Of all rules whose prefix a path begins with, by whole segments, the
// longest holds; what stands behind the prefix is the name at the place.
struct SourceRule {
  std::string prefix = "/";  // `/`, or `/a/b` without a slash at the end
  std::string place;         // a directory

  friend bool operator==(const SourceRule&, const SourceRule&) = default;
};

}  // namespace imageserver

#endif  // IMAGESERVER_SOURCE_RULE_H_
