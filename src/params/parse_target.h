// The first step of a request: its text becomes Params. Threads: any.

#ifndef IMAGESERVER_PARAMS_PARSE_TARGET_H_
#define IMAGESERVER_PARAMS_PARSE_TARGET_H_

#include <memory>
#include <string_view>

#include "imageserver/error.h"
#include "params/params.h"

namespace imageserver {

class Presets;

// How requests are read on this node.
struct TargetRules {
  // What `preset=name` stands for; null: there are none.
  std::shared_ptr<const Presets> presets;

  // Every parameter but `preset` is refused, and it must be given.
  bool presets_only = false;

  // Unknown parameters, and what cannot be read, are refused, not ignored.
  bool strict = false;
};

// Parses a request target in origin form (`/path?query`) as the Go program's advanced example does:
// path decoded and without its first slash is `source`; `width`, `height`, `mode`, `resampling` go
// into `gift_resize`, `rotation`, `background`, `interpolation` into `gift_rotate`, the four
// numbers of `crop` into a map of that name; all others stand beside these (`format=jpg` becomes
// jpeg). Empty values and unknown names are left out; of a repeated name the first counts. A preset
// is replaced by what it stands for, as if its query followed the request's own: what the request
// names itself, be it with an empty value, wins.
//
// Checks the syntax only: kInvalidParam for a number that is none, an unknown preset, and what the
// rules refuse; kBadRequest for a broken escape in the path.
[[nodiscard]] Result<Params> parse_target(std::string_view target, const TargetRules& rules = {});

}  // namespace imageserver

#endif  // IMAGESERVER_PARAMS_PARSE_TARGET_H_
