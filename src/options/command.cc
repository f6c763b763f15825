#include "options/command.h"

#include <algorithm>
#include <array>

namespace imageserver {
namespace {

constexpr auto kCommands = std::to_array<CommandRow>({
    {"token", Command::kToken,
     "print the bearer token that /stats and /peers ask for; needs --groupcache-secret-file"},
});

}  // namespace

std::span<const CommandRow> commands() { return kCommands; }

CommandLine take_command(int argc, const char* const* argv) {
  if (argc < 2) return {Command::kServe, argc, argv};
  const auto* const row =
      std::ranges::find(kCommands, std::string_view(argv[1]), &CommandRow::name);
  if (row == kCommands.end()) return {Command::kServe, argc, argv};
  return {row->command, argc - 1, argv + 1};
}

}  // namespace imageserver
