// What each transform costs beside the same libvips operations written straight down: CPU time and
// memory. Usage: transform_cost FILES [--rounds=N] [--only=TEXT]
// FILES is the directory of the test pictures; --only names the cases by a part of their names.
// All in one process and with one thread for libvips, and without its vector code, as in the
// server.

#include <unistd.h>
#include <vips/vips.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/log.h"
#include "image/codec/allowed_operations.h"
#include "image/vips/vips_library.h"
#include "transform_cost/cases.h"
#include "transform_cost/contender.h"
#include "transform_cost/measure.h"

namespace imageserver::bench {
namespace {

constexpr std::string_view kOurs = "ours";
constexpr std::string_view kTheirs = "theirs";

struct Command {
  std::string files;
  int rounds = 9;
  std::string_view only;

  // The contender whose memory this process is to measure, as `case/ours` or `case/theirs`.
  std::string_view peak;
};

int parse_number(std::string_view text) {
  int number = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || stop != text.data() + text.size() || number < 1) {
    throw std::runtime_error("--rounds takes a number from 1 on");
  }
  return number;
}

bool take(std::string_view argument, std::string_view flag, std::string_view& value) {
  if (!argument.starts_with(flag)) return false;
  value = argument.substr(flag.size());
  return true;
}

Command parse(std::span<char* const> arguments) {
  Command command;
  for (const std::string_view argument : arguments.subspan(1)) {
    std::string_view rounds;
    if (take(argument, "--only=", command.only) || take(argument, "--peak=", command.peak))
      continue;
    if (take(argument, "--rounds=", rounds)) {
      command.rounds = parse_number(rounds);
    } else {
      command.files = argument;
    }
  }
  if (command.files.empty()) throw std::runtime_error("the directory of the pictures is missing");
  return command;
}

Contender ours(const Command& command, const Case& test) {
  return by_imageserver(command.files, test.target);
}

Contender theirs(const Command& command, const Case& test) {
  if (test.by_libvips != nullptr) return by_libvips(command.files, test.target, test.by_libvips);
  if (test.other_target.empty()) return {};
  return by_imageserver(command.files, test.other_target);
}

// In the child: the profiles and tables that are loaded once are loaded before.
void print_peak(const Command& command) {
  const std::size_t slash = command.peak.rfind('/');
  for (const Case& test : cases()) {
    if (test.name != command.peak.substr(0, slash)) continue;
    const bool mine = command.peak.substr(slash + 1) == kOurs;
    const Contender contender = mine ? ours(command, test) : theirs(command, test);
    by_imageserver(command.files, "/orientation-6.jpg?width=20")();
    std::cout << peak_above_idle(contender) << '\n';
    return;
  }
  throw std::runtime_error("no such case");
}

struct Close {
  void operator()(FILE* pipe) const { pclose(pipe); }
};

double peak_in_child(const Command& command, const Case& test, std::string_view who) {
  const std::string line = "exec /proc/" + std::to_string(getpid()) + "/exe '" + command.files +
                           "' '--peak=" + std::string(test.name) + "/" + std::string(who) + "'";
  const std::unique_ptr<FILE, Close> pipe(popen(line.c_str(), "r"));
  double mebibytes = 0;
  if (!pipe || std::fscanf(pipe.get(), "%lf", &mebibytes) != 1) {
    throw std::runtime_error("cannot measure the memory of " + std::string(test.name));
  }
  return mebibytes;
}

void print_row(const Command& command, const Case& test) {
  const Contender other = theirs(command, test);
  const Costs costs = compare(ours(command, test), other, command.rounds);
  const double peak = peak_in_child(command, test, kOurs);
  std::cout << std::string(test.name)
            << std::string(30 - std::min<std::size_t>(29, test.name.size()), ' ');
  std::array<char, 80> numbers{};
  if (other) {
    std::snprintf(numbers.data(), numbers.size(), "%9.2f %9.2f %7.2f %8.1f %8.1f", costs.ours,
                  costs.theirs, costs.ratio, peak, peak_in_child(command, test, kTheirs));
  } else {
    std::snprintf(numbers.data(), numbers.size(), "%9.2f %9s %7s %8.1f %8s", costs.ours, "-", "-",
                  peak, "-");
  }
  std::cout << numbers.data() << std::endl;
}

void print_table(const Command& command) {
  std::cout << "                                   CPU ms a picture            peak MiB\n"
               "                                   ours     other   ratio     ours    other\n";
  for (const Case& test : cases()) {
    if (test.name.find(command.only) != std::string_view::npos) print_row(command, test);
  }
}

int run(std::span<char* const> arguments) {
  const Command command = parse(arguments);
  const LogOutput output("error");
  const VipsLibrary library(allowed_operations({}));
  // For the masks of those who write it by hand.
  vips_operation_block_set("VipsForeignLoadSvgBuffer", FALSE);
  command.peak.empty() ? print_table(command) : print_peak(command);
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace imageserver::bench

int main(int argc, char** argv) {
  try {
    return imageserver::bench::run({argv, static_cast<std::size_t>(argc)});
  } catch (const std::exception& exception) {
    std::cerr << "transform_cost: " << exception.what() << '\n';
    return EXIT_FAILURE;
  }
}
