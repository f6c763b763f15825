#include "options/command.h"

#include <algorithm>
#include <array>

namespace imageserver {
namespace {

constexpr auto kCommands = std::to_array<CommandRow>({
    {"token", Command::kToken,
     "print the bearer token that /stats and /peers ask for; needs --groupcache-secret-file"},
    {"purge", Command::kPurge,
     "have the server with the same flags, and its ring, forget an original and all that was made "
     "of it; all below a folder (/products/); or all (/). soft: look at it again. Needs "
     "--purge-token-file or --groupcache-secret-file",
     "[soft] PATH"},
});

}  // namespace

std::span<const CommandRow> commands() { return kCommands; }

CommandLine take_command(int argc, const char* const* argv) {
  if (argc < 2) return {Command::kServe, argc, argv};
  const auto* const row =
      std::ranges::find(kCommands, std::string_view(argv[1]), &CommandRow::name);
  if (row == kCommands.end()) return {Command::kServe, argc, argv};
  CommandLine line{row->command, argc - 1, argv + 1};
  const auto is_word = [&] { return line.argc > 1 && *line.argv[1] != '-'; };
  while (!row->words.empty() && is_word()) {
    line.words.emplace_back(line.argv[1]);
    --line.argc;
    ++line.argv;
  }
  return line;
}

}  // namespace imageserver
