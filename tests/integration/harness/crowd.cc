#include "integration/harness/crowd.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "support/patience.h"

namespace imageserver::testing {
namespace {

using std::chrono::steady_clock;

using Connection = std::unique_ptr<Client>;

Reply ask_once(Connection& connection, const std::string& target) {
  if (!connection->try_send(request_text("GET", target))) throw Unanswered();
  return connection->read();
}

// On the kept connection if there is one; once more on a new one if that was closed meanwhile.
Reply ask_on(Connection& connection, std::uint16_t node, const std::string& target) {
  const bool kept = connection != nullptr;
  if (!kept) connection = std::make_unique<Client>(node);
  try {
    return ask_once(connection, target);
  } catch (const Unanswered&) {
    if (!kept) throw;
  }
  connection = std::make_unique<Client>(node);
  return ask_once(connection, target);
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const Waits& waits) {
  return out << "median " << waits.median << ", p99 " << waits.p99 << ", longest " << waits.longest
             << " ms";
}

Crowd::Crowd(const std::vector<std::uint16_t>& nodes, int clients, Wish wish, Busy busy)
    : busy_(busy), answers_(static_cast<std::size_t>(clients)) {
  for (const std::uint16_t node : nodes) nodes_[node];
  for (int client = 0; client < clients; ++client) {
    threads_.emplace_back([this, client, wish] { live(client, wish); });
  }
}

Crowd::~Crowd() { leave(); }

void Crowd::avoid(std::uint16_t node) {
  std::unique_lock lock(mutex_);
  nodes_.at(node).up = false;
  changed_.wait_for(lock, kPatience, [&] { return nodes_.at(node).asking == 0; });
}

void Crowd::visit(std::uint16_t node) {
  const std::lock_guard lock(mutex_);
  nodes_.at(node).up = true;
}

void Crowd::go_on(int more) {
  std::unique_lock lock(mutex_);
  const std::vector<int> before = answers_;
  const bool went_on = changed_.wait_for(lock, kPatience, [&] {
    if (!failures_.empty()) return true;
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (answers_[i] < before[i] + more) return false;
    }
    return true;
  });
  if (!went_on) failures_ += "they are not answered any more\n";
}

void Crowd::leave() {
  leaving_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

int Crowd::refused() const {
  const std::lock_guard lock(mutex_);
  return refused_;
}

Waits Crowd::take_waits() {
  std::vector<double> waits;
  {
    const std::lock_guard lock(mutex_);
    waits.swap(waits_);
  }
  if (waits.empty()) return {};
  std::ranges::sort(waits);
  return {waits[waits.size() / 2], waits[waits.size() * 99 / 100], waits.back()};
}

std::string Crowd::failures() const {
  const std::lock_guard lock(mutex_);
  return failures_;
}

std::map<std::string, std::string> Crowd::pictures() const {
  const std::lock_guard lock(mutex_);
  return pictures_;
}

void Crowd::live(int client, const Wish& wish) {
  Connections connections;
  for (int turn = 0; !leaving_; ++turn) {
    const std::uint16_t node = choose(client + turn);
    const std::string target = wish(client, turn);
    try {
      ask(connections, node, target);
    } catch (const std::exception& error) {
      connections.erase(node);
      note_failure(target + ": " + error.what());
    }
    done_with(node);
    const std::lock_guard lock(mutex_);
    ++answers_[static_cast<std::size_t>(client)];
    changed_.notify_all();
  }
}

void Crowd::ask(Connections& connections, std::uint16_t node, const std::string& target) {
  Connection& connection = connections[node];
  const auto begun = steady_clock::now();
  const Reply reply = ask_on(connection, node, target);
  const std::chrono::duration<double, std::milli> took = steady_clock::now() - begun;
  if (reply.field("Connection") == "close") connection.reset();
  note(target, reply, took.count());
}

std::uint16_t Crowd::choose(int turn) {
  const std::lock_guard lock(mutex_);
  std::vector<std::uint16_t> up;
  for (const auto& [port, node] : nodes_) {
    if (node.up) up.push_back(port);
  }
  const std::uint16_t chosen = up.at(static_cast<std::size_t>(turn) % up.size());
  ++nodes_.at(chosen).asking;
  return chosen;
}

void Crowd::done_with(std::uint16_t node) {
  const std::lock_guard lock(mutex_);
  --nodes_.at(node).asking;
  changed_.notify_all();
}

void Crowd::note(const std::string& target, const Reply& reply, double milliseconds) {
  const std::lock_guard lock(mutex_);
  if (reply.status == 503 && busy_ == Busy::kIsAllowed) {
    ++refused_;
  } else if (reply.status != 200) {
    failures_ += target + ": " + std::to_string(reply.status) + ' ' + reply.body;
  } else {
    waits_.push_back(milliseconds);
    const auto [picture, first] = pictures_.try_emplace(target, reply.body);
    if (!first && picture->second != reply.body) failures_ += target + ": other bytes\n";
  }
}

void Crowd::note_failure(const std::string& line) {
  const std::lock_guard lock(mutex_);
  failures_ += line + '\n';
}

}  // namespace imageserver::testing
