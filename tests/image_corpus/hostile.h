// Hostile files that are too large to be kept, or too many.

#ifndef IMAGESERVER_TESTS_IMAGE_CORPUS_HOSTILE_H_
#define IMAGESERVER_TESTS_IMAGE_CORPUS_HOSTILE_H_

#include <cstddef>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace imageserver::testing {

// How much is tried of what has no end: 1, or what IMAGESERVER_CORPUS_ROUNDS says.
[[nodiscard]] int rounds();

// Everything from the start up to each multiple of 1 KiB, but not the whole.
[[nodiscard]] std::vector<std::string> truncated(std::string_view bytes);

// With one to eight bits turned over, wherever chance has it.
[[nodiscard]] std::string flipped(std::string_view bytes, std::mt19937& chance);

// Whether drawing that file of the corpus takes longer, or more memory, than anybody has: SVG and
// PDF can ask for any amount of work.
[[nodiscard]] bool never_ends(std::string_view name);

// Files by their names, up to the 20 MiB that are read of one. Each is made when it is asked for,
// as some take a second, and all of them together hundreds of megabytes. Those with `-49mp.` in
// their names are within all limits, and pictures.
using Bombs = std::map<std::string, std::function<std::string()>>;
[[nodiscard]] const Bombs& bombs();

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_IMAGE_CORPUS_HOSTILE_H_
