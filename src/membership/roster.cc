#include "membership/roster.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <cstddef>
#include <iterator>
#include <set>
#include <utility>

#include "base/log.h"

namespace imageserver {
namespace {

using Names = std::vector<std::string>;

constexpr std::size_t kLoggedNames = 20;

// How many different failures are told before a good view comes.
constexpr std::size_t kLoggedFailures = 16;

Names without(const Names& all, const Names& some) {
  Names rest;
  std::ranges::set_difference(all, some, std::back_inserter(rest));
  return rest;
}

std::string listed(const Names& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kLoggedNames); ++i) {
    text.append(text.empty() ? "" : ", ").append(names[i]);
  }
  if (names.size() > kLoggedNames) {
    text.append(" and ").append(std::to_string(names.size() - kLoggedNames)).append(" more");
  }
  return text;
}

void log_change(const Names& before, const Names& after) {
  const Names joined = without(after, before);
  const Names left = without(before, after);
  if (!joined.empty()) log::info("ring: joined: {}", listed(joined));
  if (!left.empty()) log::info("ring: left: {}", listed(left));
}

}  // namespace

// Shared with what it has posted. Threads: the context's, but for what is const.
class Roster::State : public std::enable_shared_from_this<State> {
 public:
  State(net::io_context& context, RosterOptions options, OnChange on_change,
        std::function<void()> on_first)
      : options_(std::move(options)),
        executor_(context.get_executor()),
        on_change_(std::move(on_change)),
        on_first_(std::move(on_first)),
        debounce_(executor_),
        names_({options_.self}),
        latest_(names_) {}

  [[nodiscard]] const Executor& executor() const { return executor_; }

  void see(View view);
  void close();

 private:
  void note_failure(const std::string& message);
  void note_recovery();
  void take(Names names);
  Names with_self(Names names);
  void apply_later();
  void apply();

  const RosterOptions options_;
  const Executor executor_;
  const OnChange on_change_;
  const std::function<void()> on_first_;
  Timer debounce_;
  Names names_;                     // the list
  Names latest_;                    // what the last good view would make of it
  std::set<std::string> failures_;  // told since the last good view
  bool seen_ = false;
  bool seen_good_ = false;
  bool self_missing_ = false;
  bool pending_ = false;  // the timer runs
  bool closed_ = false;
};

void Roster::State::see(View view) {
  if (closed_) return;
  if (view.has_error()) {
    note_failure(view.error().message);
  } else if (view->empty()) {
    note_failure("no names");
  } else {
    note_recovery();
    take(*std::move(view));
  }
  if (!std::exchange(seen_, true) && on_first_) on_first_();
}

void Roster::State::close() {
  closed_ = true;
  debounce_.cancel();
}

void Roster::State::note_failure(const std::string& message) {
  if (failures_.size() == kLoggedFailures || !failures_.insert(message).second) return;
  log::warn("ring: its nodes cannot be seen and stay as they are: {}", message);
}

void Roster::State::note_recovery() {
  if (failures_.empty()) return;
  failures_.clear();
  log::info("ring: its nodes are seen again");
}

void Roster::State::take(Names names) {
  latest_ = with_self(std::move(names));
  if (!std::exchange(seen_good_, true)) return apply();
  if (latest_ != names_ && !pending_) apply_later();
}

Names Roster::State::with_self(Names names) {
  const auto place = std::ranges::lower_bound(names, options_.self);
  const bool missing = place == names.end() || *place != options_.self;
  if (missing) names.insert(place, options_.self);
  const bool was_missing = std::exchange(self_missing_, missing);
  if (missing && !was_missing && options_.self_expected) {
    log::warn("ring: this node, {}, is not among the names and is added", options_.self);
  }
  return names;
}

void Roster::State::apply_later() {
  pending_ = true;
  debounce_.expires_after(options_.debounce);
  debounce_.async_wait([self = shared_from_this()](error_code error) {
    if (error || self->closed_) return;
    self->pending_ = false;
    self->apply();
  });
}

void Roster::State::apply() {
  if (latest_ == names_) return;
  log_change(names_, latest_);
  names_ = latest_;
  on_change_(names_);
}

Roster::Roster(net::io_context& context, RosterOptions options, OnChange on_change,
               std::function<void()> on_first)
    : state_(std::make_shared<State>(context, std::move(options), std::move(on_change),
                                     std::move(on_first))) {}

Roster::~Roster() { state_->close(); }

void Roster::see(View view) {
  net::post(state_->executor(),
            [state = state_, view = std::move(view)]() mutable { state->see(std::move(view)); });
}

}  // namespace imageserver
