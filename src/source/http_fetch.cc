#include "source/http_fetch.h"

#include <algorithm>
#include <new>
#include <utility>

#include "base/cancelled.h"
#include "base/log.h"
#include "base/out_of_memory.h"
#include "source/origin_answer.h"

namespace imageserver {
namespace {

using Outcome = OriginQueue::Outcome;
using End = HopAnswer::End;

constexpr int kMostRedirects = 3;
constexpr milliseconds kLeastTime{50};  // that a request needs to be of use

// What an answer shows of the server that gave it.
Outcome outcome_of(End end) {
  switch (end) {
    case End::kAnswered:
    case End::kTooLarge:
    case End::kCutOff:
      return Outcome::kAnswered;
    case End::kNotReached:
    case End::kConnectLate:
    case End::kNotSafe:
      return Outcome::kNotReached;
    // A broken connection costs no time-out, and one path alone may be at fault.
    case End::kBroken:
    case End::kForbidden:
    case End::kNoMemory:
    case End::kShortage:
      return Outcome::kNothing;
  }
  return Outcome::kNothing;
}

Error out_of_time() { return {ErrorKind::kDeadlineExceeded, "out of time"}; }

bool is_fault(const Error& error) {
  return error.kind == ErrorKind::kOrigin || error.kind == ErrorKind::kOriginLate;
}

// What those hear of the server that will not be asked. The one who has seen that it is late may
// have left.
Error seen_error(Outcome outcome, const Result<FetchedOriginal>& result) {
  if (outcome == Outcome::kLate) return origin_late();
  return result.has_error() ? result.error() : Error{};
}

void add_condition(const char* name, const std::string& value, std::vector<std::string>& fields) {
  if (!value.empty()) fields.push_back(std::string(name) + ": " + value);
}

}  // namespace

HttpFetch::HttpFetch(Way way, HttpQuestion question, Source::Done done)
    : way_(way),
      question_(std::move(question)),
      done_(std::move(done)),
      until_(std::min(question_.deadline, Clock::now() + way.terms.whole)),
      timer_(way.context.get_executor()),
      url_(question_.url) {}

void HttpFetch::start() {
  attempt([this] { wait_for_turn(); });
}

void HttpFetch::wait_for_turn() {
  set_timer(until_);
  auto turn = std::make_shared<OriginQueue::Request>();
  turn->begin = [self = weak_from_this()] {
    if (const auto fetch = self.lock()) fetch->begin();
  };
  turn->refuse = [self = weak_from_this()](const Error& error) {
    if (const auto fetch = self.lock()) fetch->end(Outcome::kNothing, error);
  };
  turn_ = turn;
  way_.queue.enter(turn);
}

// Who leaves after such a time has seen that the server is late.
void HttpFetch::cancel() {
  const bool is_late = is_waiting() && Clock::now() >= asked_at_ + way_.terms.connect;
  end(is_late ? Outcome::kLate : Outcome::kNothing, cancelled());
}

// For the first byte of the server that the queue is of.
bool HttpFetch::is_waiting() const { return hop_ && !hop_->has_begun() && is_at_server_; }

// A request that nobody will wait for is not sent: its server would do the work in vain.
void HttpFetch::begin() {
  has_turn_ = true;
  if (until_ - Clock::now() < std::min(kLeastTime, way_.terms.whole / 4)) return run_out();
  attempt([this] { ask(); });
}

void HttpFetch::run_out() {
  if (until_ == question_.deadline) return end(Outcome::kNothing, out_of_time());
  fail(Outcome::kNothing, origin_late(), "too many wait for their turn");
}

void HttpFetch::attempt(const std::function<void()>& step) try {
  step();
} catch (const std::bad_alloc&) {
  end(Outcome::kNothing, out_of_memory());
}

void HttpFetch::ask() {
  asked_at_ = Clock::now();
  first_byte_by_ = asked_at_ + way_.terms.first_byte;
  set_timer(std::min(first_byte_by_, until_));
  const auto done = [self = weak_from_this()](HopAnswer answer) {
    const auto fetch = self.lock();
    if (fetch) fetch->attempt([&] { fetch->answered(std::move(answer)); });
  };
  hop_ = std::make_unique<HttpHop>(way_.loop, way_.terms, hop_request(), done);
}

HopRequest HttpFetch::hop_request() const {
  HopRequest request{.url = url_, .fields = {}, .is_own = is_own_, .is_second_try = tried_again_};
  if (is_at_server_) request.fields = question_.fields;
  add_condition("If-None-Match", known().etag, request.fields);
  add_condition("If-Modified-Since", known().last_modified, request.fields);
  return request;
}

// A validator is of one URL. Where a redirect leads may be another one next time.
Validators HttpFetch::known() const { return redirects_ == 0 ? question_.known : Validators(); }

void HttpFetch::answered(HopAnswer answer) {
  if (ended_) return;
  if (may_try_again(answer)) {
    tried_again_ = true;
    return ask();
  }
  if (is_redirect(answer)) return follow(answer.location);
  const Outcome outcome = is_at_server_ ? outcome_of(answer.end) : Outcome::kAnswered;
  if (redirects_ > 0) answer.validators = {};
  const Result<FetchedOriginal> original = original_of(answer, known());
  if (original.has_error()) report(original.error(), answer);
  end(outcome, original);
}

// The log hears of what the operator of the origin can mend.
void HttpFetch::report(const Error& error, const HopAnswer& answer) const {
  const bool is_refusal = answer.status == 401 || answer.status == 403;
  if (is_refusal && !way_.refusals.is_first(question_.url.text())) return;
  if (!is_refusal && !is_fault(error)) return;
  log::warn("fetching {}: {}", question_.url.text(),
            answer.reason.empty() ? "status " + std::to_string(answer.status) : answer.reason);
}

bool HttpFetch::may_try_again(const HopAnswer& answer) const {
  return answer.end == End::kBroken && !tried_again_;
}

void HttpFetch::follow(const std::string& location) {
  if (location.empty()) {
    return fail(Outcome::kAnswered, origin_at_fault(), "a redirect to nowhere");
  }
  if (++redirects_ > kMostRedirects) {
    return fail(Outcome::kAnswered, origin_at_fault(), "too many redirects");
  }
  Result<OriginUrl> next = resolve_location(url_, location);
  if (next.has_error()) return fail(Outcome::kAnswered, origin_at_fault(), next.error().message);
  url_ = *std::move(next);
  is_own_ = is_own_ && url_.host == question_.url.host;
  is_at_server_ = is_at_server_ && url_.same_server(question_.url);
  if (!is_at_server_ && url_.port != 80 && url_.port != 443) {
    return fail(Outcome::kAnswered, origin_at_fault(), "a redirect to a port of its own");
  }
  ask();
}

void HttpFetch::on_timer() {
  const Deadline now = Clock::now();
  // It was the timer of a hop before, which ended at the same moment.
  if (hop_ && now < std::min(first_byte_by_, until_)) return;
  const bool has_begun = hop_ && hop_->has_begun();
  if (now < until_ && has_begun) return set_timer(until_);
  if (now >= question_.deadline) return end(Outcome::kNothing, out_of_time());
  if (has_begun) return fail(Outcome::kAnswered, origin_late(), "not all of it came in time");
  if (!hop_) return fail(Outcome::kNothing, origin_late(), "too many wait for their turn");
  // One that had to wait long for its turn has left the server little time.
  const bool is_late = is_at_server_ && now >= first_byte_by_;
  fail(is_late ? Outcome::kLate : Outcome::kNothing, origin_late(), "no answer in time");
}

void HttpFetch::set_timer(Deadline when) {
  timer_.expires_at(when);
  timer_.async_wait([self = weak_from_this()](const error_code& error) {
    const auto fetch = error ? nullptr : self.lock();
    if (fetch && !fetch->ended_) fetch->on_timer();
  });
}

void HttpFetch::fail(Outcome outcome, const Error& error, std::string_view reason) {
  log::warn("fetching {}: {}", question_.url.text(), reason);
  end(outcome, error);
}

// The hop goes last: this may be called by it.
void HttpFetch::end(Outcome outcome, const Result<FetchedOriginal>& result) {
  if (std::exchange(ended_, true)) return;
  const auto self = shared_from_this();
  timer_.cancel();
  const auto hop = std::move(hop_);
  if (!has_turn_) {
    way_.queue.leave(turn_);
  } else {
    way_.queue.ended(turn_, outcome, seen_error(outcome, result));
  }
  const auto done = std::exchange(done_, nullptr);
  done(result);
}

}  // namespace imageserver
