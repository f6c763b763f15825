// The table of flags: parsing, --help and the tests of README all read it. Threads: any.

#ifndef IMAGESERVER_OPTIONS_FLAGS_H_
#define IMAGESERVER_OPTIONS_FLAGS_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "imageserver/options.h"
#include "options/command.h"

namespace imageserver {

struct Flag {
  std::string_view name;           // without its dashes
  std::string_view default_value;  // as it could be given; giving it changes nothing
  std::string_view default_words;  // what stands in where default_value is empty; else empty
  std::string_view help;           // one line

  // Sets the option. If the value is wrong: the rule it broke, as in `must be ...`.
  std::optional<std::string> (*set)(std::string_view value, Options& options);

  // It may stand alone, which means `true`, and takes a value only behind `=`.
  bool is_switch = false;

  // It may be given several times, and `set` is called for each; of others the last one counts.
  bool is_repeated = false;
};

// Every flag, in the order --help shows, but for --version and --help, which take no value.
[[nodiscard]] std::span<const Flag> flags();

// The command with the words that it takes, as --help shows it.
[[nodiscard]] std::string usage(const CommandRow& row);

// What --help prints.
[[nodiscard]] std::string help_text();

}  // namespace imageserver

#endif  // IMAGESERVER_OPTIONS_FLAGS_H_
