// The settings that all nodes of a ring should have alike, as each tells the others:
// `formats=6b86b273 presets=d4735e3a`. Threads: any.

#ifndef IMAGESERVER_PEERS_WIRE_SETTINGS_H_
#define IMAGESERVER_PEERS_WIRE_SETTINGS_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace imageserver {

// Of each setting, by its name (lower-case letters, digits, -), a text that is equal where the
// setting is. Gives the first 8 hex digits of the text's SHA-256 for each, sorted by name.
[[nodiscard]] std::string settings_text(const std::map<std::string, std::string>& settings);

// The names of the settings in which two texts differ, sorted; those of which only one of them
// tells among them. Any text may be given: what is no setting is skipped.
[[nodiscard]] std::vector<std::string> differing_settings(std::string_view one,
                                                          std::string_view other);

}  // namespace imageserver

#endif  // IMAGESERVER_PEERS_WIRE_SETTINGS_H_
