// What all nodes of a ring should have alike: they make each other's pictures.

#ifndef IMAGESERVER_SERVER_RING_SETTINGS_H_
#define IMAGESERVER_SERVER_RING_SETTINGS_H_

#include <string>

#include "imageserver/options.h"
#include "server/resources.h"

namespace imageserver {

// As peers/wire/settings.h writes it: where originals come from, what stands in for them, the files
// that are read as well as usual, limits, presets, watermarks. Of a directory of originals only
// that it is one, as its path may differ from machine to machine; of watermarks their names and
// sizes. Blocks on the disk. Threads: any.
[[nodiscard]] std::string ring_settings(const Options& options, const Resources& resources);

}  // namespace imageserver

#endif  // IMAGESERVER_SERVER_RING_SETTINGS_H_
