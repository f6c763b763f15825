// What the program is asked to do: the first word, where it is the name of a command.

#ifndef IMAGESERVER_OPTIONS_COMMAND_H_
#define IMAGESERVER_OPTIONS_COMMAND_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace imageserver {

enum class Command : std::uint8_t {
  kServe,  // it has no name: it is what is done if none is given
  kToken,  // print the token that `/stats` and `/peers` ask for
  kPurge,  // have a server purge
};

// A command that has a name.
struct CommandRow {
  std::string_view name;
  Command command;
  std::string_view help;        // one line
  std::string_view words = {};  // what stands between the name and the flags, as --help shows it
};

// In the order --help shows.
[[nodiscard]] std::span<const CommandRow> commands();

// A command line from which the command's name is taken.
struct CommandLine {
  Command command = Command::kServe;
  int argc = 0;  // this and argv are for parse_options()
  const char* const* argv = nullptr;
  std::vector<std::string_view> words = {};  // of a command that has any: those before the flags
};

// A first word that names no command is left to parse_options(), which refuses it. Threads: any.
[[nodiscard]] CommandLine take_command(int argc, const char* const* argv);

}  // namespace imageserver

#endif  // IMAGESERVER_OPTIONS_COMMAND_H_
