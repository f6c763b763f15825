#include "peers/peer_fetch.h"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <string>
#include <utility>

#include "base/log.h"
#include "groupcache/busy.h"
#include "peers/identify_peer.h"
#include "peers/peer_answer.h"
#include "peers/peer_request.h"
#include "peers/wire/protocol.h"

namespace imageserver {
namespace {

using Failure = PeerTransport::Failure;
using Outcome = PeerTransport::Outcome;

// Between two looks at a fetch, which are kPeriod apart at most. One or two come from a peer as it
// should be, more where they had to wait on their way.
constexpr int kMostInterims = 100;

// After so much silence another node is asked beside one that is tried or on probation, as its
// answer is not counted on, and beside a stand-in.
constexpr milliseconds kShortPatience{125};

bool is_peers_fault(const Outcome& outcome) {
  return outcome.image.has_error() && outcome.image.error().kind != ErrorKind::kCancelled &&
         (outcome.failure == Failure::kAway || outcome.failure == Failure::kBad);
}

void note_fault(Peer& peer, const Outcome& outcome) {
  const std::string& why = outcome.image.error().message;
  peer.failed(why);
  log::debug("peer {}: {}", peer.name(), why);
  if (outcome.failure == Failure::kBad && peer.take_answer_warning(Clock::now())) {
    log::warn("peer {} answers what it must not: {}", peer.name(), why);
  }
}

// Whether the peer may not have known a purge that this node knew when it asked.
bool may_miss_a_purge(const Result<ClientResponse>& response, const PurgeTalk::Told& told) {
  if (response.has_error() || told.is_all) return false;
  const std::string_view theirs = response->header(kPurgesField);
  return !theirs.empty() && theirs != told.digest;
}

Outcome count_original(const Outcome& outcome, const PeerOptions& options) {
  if (outcome.image.has_error() || outcome.is_unchanged) return outcome;
  const Image& image = **outcome.image;
  std::optional<Bytes> bytes = counted(image.data, options.originals);
  if (!bytes) return {busy(), Failure::kBusy};
  Outcome counted_one = outcome;
  counted_one.image = make_original(*std::move(bytes), image.etag);
  return counted_one;
}

}  // namespace

void PeerFetch::Stop::operator()() const {
  const auto self = fetch.lock();
  if (!self) return;
  net::post(self->executor_, [self] { self->signal_.emit(net::cancellation_type::terminal); });
}

PeerFetch::PeerFetch(const FetchContext& context, const Executor& executor, PeerPtr peer,
                     Terms terms, QueryPtr query, PeerTransport::Events events)
    : context_(context),
      executor_(executor),
      peer_(std::move(peer)),
      terms_(std::move(terms)),
      query_(std::move(query)),
      events_(std::move(events)),
      longest_silence_(longest_silence(context.options, *peer_, query_->deadline)),
      timer_(executor) {}

PeerFetch::~PeerFetch() { peer_->leave(this); }

void PeerFetch::start(std::shared_ptr<Client> client, std::stop_token stop) {
  if (longest_silence_) watch(Clock::now());
  stop_callback_.emplace(std::move(stop), Stop{weak_from_this()});
  net::co_spawn(executor_, exchange(std::move(client)),
                net::bind_cancellation_slot(
                    signal_.slot(), [self = shared_from_this()](const std::exception_ptr& thrown,
                                                                const Outcome& outcome) {
                      self->end(thrown, outcome);
                    }));
}

void PeerFetch::fail() {
  end(nullptr, {Error{ErrorKind::kPeer, "could not be asked"}, Failure::kBad});
}

void PeerFetch::let_go() {
  net::post(executor_, [self = shared_from_this()] {
    self->let_go_ = true;
    self->give_up({ErrorKind::kUnreachable, "does not answer"});
  });
}

Awaitable<Outcome> PeerFetch::exchange(std::shared_ptr<Client> client) {
  const Peer::QuestionPtr question = question_of(*query_);
  const std::shared_ptr<const PurgeTalk> purges = context_.options.purges;
  const PurgeTalk::Told told =
      purges ? purges->tell(*query_, peer_->said_purges()) : PurgeTalk::Told();
  const FetchTerms asked{.deadline = query_->deadline,
                         .may_decline = terms_.asked.may_decline,
                         .have = terms_.asked.have,
                         .purges = told.fields};
  ClientRequest request = fetch_request(context_.options, peer_, question, asked);
  request.on_arrival = [this](const Arrival& arrival) { arrived(arrival); };
  const auto begun = Clock::now();
  Result<ClientResponse> response = co_await client->send(std::move(request));
  if (response.has_error() && given_up_) response = *given_up_;
  Outcome outcome = read_peer_answer(response, *query_, terms_.asked.have);
  if (may_miss_a_purge(response, told)) {
    outcome = {Error{ErrorKind::kPeer, "may not know a purge"}, Failure::kNotAsked};
  }
  if (query_->of == Query::Of::kOriginal) outcome = count_original(outcome, context_.options);
  if (outcome.image.has_error()) peer_->remember_failed(question);
  if (is_peers_fault(outcome)) note_fault(*peer_, outcome);
  judge(response, outcome, Clock::now() - begun);
  co_return outcome;
}

void PeerFetch::judge(const Result<ClientResponse>& response, const Outcome& outcome,
                      Clock::duration taken) {
  if (response.has_error()) {
    // A peer that still said that it works is not to blame for the end of the request's time.
    const bool worked_on =
        works_ && !given_up_ && response.error().kind == ErrorKind::kDeadlineExceeded;
    if (let_go_ || worked_on) return;
    if (hedged_ && response.error().kind == ErrorKind::kCancelled) return note_loss();
    if (response.error().kind == ErrorKind::kPeer) return note_wrong_answer();
    judged_ = context_.prober.unanswered(peer_, response.error(), taken) || judged_;
    return;
  }
  identify_peer(*peer_, *response, context_.options);
  context_.purges.heard(peer_, response->header(kPurgesField));
  peer_->answered(taken);
  const bool is_wrong = outcome.image.has_error() && outcome.failure == Failure::kBad;
  if (is_wrong) return note_wrong_answer();
  if (std::exchange(judged_, true)) return;
  peer_->breaker().succeeded();
}

// Another node that was asked as well was first: the peer was late for that long.
void PeerFetch::note_loss() {
  if (std::exchange(judged_, true)) return;
  context_.prober.strayed(peer_, "it is late most of the time");
}

// A Go node's error may be its word on the request.
void PeerFetch::note_wrong_answer() {
  if (std::exchange(judged_, true)) return;
  if (peer_->kind() == PeerKind::kOurs) {
    context_.prober.strayed(peer_, "it answers wrongly most of the time");
  } else {
    peer_->breaker().succeeded();
  }
}

void PeerFetch::end(const std::exception_ptr& thrown, const Outcome& outcome) {
  ended_ = true;
  stop_callback_.reset();
  timer_.cancel();
  if (terms_.permit == Breaker::Permit::kTrial && !judged_) peer_->breaker().trial_ended();
  if (thrown) return events_.done({Error{ErrorKind::kPeer, "could not be asked"}, Failure::kBad});
  events_.done(outcome);
}

void PeerFetch::arrived(const Arrival& arrival) {
  heard_ = true;
  if (!longest_silence_) return;
  const auto now = Clock::now();
  if (lateness_->arrived(arrival, now)) silence_ends_ = now + *longest_silence_;
  if (!arrival.interim) return;
  if (++interims_ > kMostInterims) {
    return give_up({ErrorKind::kPeer, "sends interim answers without an end"});
  }
  works_ = true;
  peer_->heard_interim(true);
}

void PeerFetch::watch(Clock::time_point now) {
  silence_ends_ = now + *longest_silence_;
  lateness_.emplace(now);
  if (is_impatient()) patience_ends_ = now + kShortPatience;
  arm();
}

// But for trials, only where the peer would say at once that it works.
bool PeerFetch::is_impatient() const {
  if (terms_.permit == Breaker::Permit::kTrial) return true;
  return peer_->speaks_interim() && (terms_.permit == Breaker::Permit::kOnProbation ||
                                     terms_.asked.role == PeerTransport::Role::kStandIn);
}

void PeerFetch::arm() {
  timer_.expires_at(std::min({silence_ends_, lateness_->end(), patience_ends_}));
  timer_.async_wait([self = shared_from_this()](error_code error) {
    if (!error) self->on_timer();
  });
}

void PeerFetch::on_timer() {
  if (ended_ || given_up_) return;
  const auto now = Clock::now();
  if (now >= silence_ends_) return give_up({ErrorKind::kDeadlineExceeded, "no answer in time"});
  if (now >= patience_ends_) {
    patience_ends_ = Deadline::max();
    if (!heard_ && may_hedge()) hedge();
  }
  interims_ = 0;
  if (now >= lateness_->end()) act_on(lateness_->period_ended(now));
  if (!given_up_) arm();
}

// Any peer that is there answers a probe, and the answer shows whether it sends interim answers. Of
// one that does not, silence means nothing more.
void PeerFetch::act_on(Lateness::Finding finding) {
  if (finding == Lateness::Finding::kInTime) return;
  if (!heard_) context_.prober.suspect(peer_);
  if (!peer_->speaks_interim()) return;
  if (finding == Lateness::Finding::kGiveUp) {
    return give_up({ErrorKind::kDeadlineExceeded, "is silent"});
  }
  note_lateness();
}

void PeerFetch::note_lateness() {
  if (std::exchange(late_, true)) return;
  judged_ = true;
  const bool may = may_hedge();
  const bool is_out = context_.prober.strayed(peer_, "it is late most of the time");
  if (!is_out && may) hedge();
}

// Takes one from the budget, unless this is a trial.
bool PeerFetch::may_hedge() {
  return !hedged_ && (terms_.permit == Breaker::Permit::kTrial || context_.hedges.take());
}

void PeerFetch::hedge() {
  hedged_ = true;
  if (events_.late) events_.late();
}

void PeerFetch::give_up(Error why) {
  if (ended_ || given_up_) return;
  given_up_ = std::move(why);
  signal_.emit(net::cancellation_type::terminal);
}

}  // namespace imageserver
