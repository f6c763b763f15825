#include "options/parse_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <utility>

#include "base/printable.h"
#include "options/flags.h"

namespace imageserver {
namespace {

constexpr std::size_t kMaxShown = 200;

using Words = std::vector<std::string>;

EarlyExit wrong(const std::string& what) { return {2, "imageserver: " + what + "\n"}; }

std::string shown(std::string_view word) { return printable(word, kMaxShown); }

const Flag* find_flag(std::string_view name) {
  const auto flag = std::ranges::find(flags(), name, &Flag::name);
  return flag == flags().end() ? nullptr : &*flag;
}

bool takes_no_value(std::string_view name) {
  return name == "help" || name == "h" || name == "version";
}

// Reads words as Go's flag package does, where what follows a flag is its value, dash or no dash,
// and lays them out in the one way that leaves CLI11 no choice: `--name`, then the value.
class GoCommandLine {
 public:
  explicit GoCommandLine(std::span<const char* const> words) : words_(words) {}

  [[nodiscard]] std::variant<Words, EarlyExit> read() {
    while (!words_.empty()) {
      if (std::optional<EarlyExit> error = read_flag(take())) return *std::move(error);
    }
    return std::move(laid_out_);
  }

 private:
  std::string_view take() {
    const std::string_view word = words_.front();
    words_ = words_.subspan(1);
    return word;
  }

  std::optional<EarlyExit> read_flag(std::string_view word) {
    if (word == "--") return refuse_rest();
    if (word.size() < 2 || word.front() != '-') return stray(word);
    word.remove_prefix(word.starts_with("--") ? 2 : 1);
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    std::optional<std::string_view> value;
    if (equals != std::string_view::npos) value = word.substr(equals + 1);
    return lay_out(name, value);
  }

  std::optional<EarlyExit> lay_out(std::string_view name, std::optional<std::string_view> value) {
    const std::string flag = "--" + shown(name);
    if (takes_no_value(name)) {
      if (value) return wrong(flag + ": takes no value");
      laid_out_.push_back(flag);
      return std::nullopt;
    }
    const Flag* const known = find_flag(name);
    if (known == nullptr) return wrong(flag + ": no such flag");
    if (!value && known->is_switch) value = "true";
    if (!value && words_.empty()) return wrong(flag + ": needs a value");
    laid_out_.push_back(flag);
    laid_out_.emplace_back(value ? *value : take());
    return std::nullopt;
  }

  std::optional<EarlyExit> refuse_rest() {
    if (words_.empty()) return std::nullopt;
    return stray(take());
  }

  static EarlyExit stray(std::string_view word) {
    return wrong("unexpected argument \"" + shown(word) + '"');
  }

  std::span<const char* const> words_;
  Words laid_out_;
};

// The options, and the first error of those that set them.
struct Outcome {
  Options options;
  std::optional<EarlyExit> error;
};

void set(const Flag& flag, const std::string& value, Outcome& outcome) {
  const std::optional<std::string> broken = flag.set(value, outcome.options);
  if (!broken || outcome.error) return;
  outcome.error =
      wrong("--" + std::string(flag.name) + ": " + *broken + ", not \"" + shown(value) + '"');
}

// REQUIRES: `outcome` outlives the parsing.
void declare_flags(CLI::App& app, Outcome& outcome) {
  app.set_help_flag("--help,--h");
  app.set_version_flag("--version", "imageserver " IMAGESERVER_VERSION);
  for (const Flag& flag : flags()) {
    const CLI::callback_t callback = [&flag, &outcome](const CLI::results_t& values) {
      for (const std::string& value : values) set(flag, value, outcome);
      return true;
    };
    CLI::Option* const option = app.add_option("--" + std::string(flag.name), callback);
    flag.is_repeated ? option->take_all() : option->take_last();
  }
}

void drop_self_from_peers(Options& options) {
  const std::string self = options.self();
  std::erase(options.groupcache_peers, self);
}

// The ring has one list of nodes.
std::optional<EarlyExit> refuse_two_lists(const Options& options) {
  const std::array given = {
      !options.groupcache_peers.empty(), !options.groupcache_peers_file.empty(),
      !options.groupcache_peers_dns.empty(), !options.groupcache_peers_etcd.empty()};
  if (std::ranges::count(given, true) <= 1) return std::nullopt;
  return wrong(
      "--groupcache-peers, --groupcache-peers-file, --groupcache-peers-dns and "
      "--groupcache-peers-etcd: only one of them may be given");
}

std::optional<EarlyExit> refuse_no_presets(const Options& options) {
  if (!options.presets_only || !options.presets.empty()) return std::nullopt;
  return wrong("--presets-only: needs --presets");
}

std::variant<Options, EarlyExit> parse_words(Words words) {
  Outcome outcome;
  CLI::App app;
  declare_flags(app, outcome);
  std::ranges::reverse(words);  // CLI11 takes them from the back
  try {
    app.parse(std::move(words));
  } catch (const CLI::CallForHelp&) {
    return EarlyExit{0, help_text()};
  } catch (const CLI::CallForVersion& version) {
    return EarlyExit{0, std::string(version.what()) + "\n"};
  } catch (const CLI::Error& error) {
    return wrong(shown(error.what()));
  }
  if (outcome.error) return *std::move(outcome.error);
  if (auto refused = refuse_two_lists(outcome.options)) return *std::move(refused);
  if (auto refused = refuse_no_presets(outcome.options)) return *std::move(refused);
  drop_self_from_peers(outcome.options);
  return std::move(outcome.options);
}

}  // namespace

std::variant<Options, EarlyExit> parse_options(int argc, const char* const* argv) {
  std::span<const char* const> words(argv, static_cast<std::size_t>(argc));
  if (!words.empty()) words = words.subspan(1);
  std::variant<Words, EarlyExit> read = GoCommandLine(words).read();
  if (auto* error = std::get_if<EarlyExit>(&read)) return std::move(*error);
  return parse_words(std::get<Words>(std::move(read)));
}

}  // namespace imageserver
