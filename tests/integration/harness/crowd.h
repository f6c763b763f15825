// Clients that ask and ask.

#ifndef IMAGESERVER_TESTS_INTEGRATION_HARNESS_CROWD_H_
#define IMAGESERVER_TESTS_INTEGRATION_HARNESS_CROWD_H_

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include "integration/harness/http_client.h"

namespace imageserver::testing {

// What a client asks for: the number of the client, and how many it has asked for before.
using Wish = std::function<std::string(int client, int turn)>;

// How long answers took, in milliseconds.
struct Waits {
  double median = 0;
  double p99 = 0;
  double longest = 0;
};
std::ostream& operator<<(std::ostream& out, const Waits& waits);

// As clients behind a load balancer: each asks the nodes that are up in turn, keeps its
// connections, and, as any HTTP client does, repeats a request once that a kept connection was
// closed over before the first byte of an answer. Anything but a 200 with the bytes that all others
// got for the same target is a failure; but a 503 is none where it is allowed.
class Crowd {
 public:
  enum class Busy : std::uint8_t { kFails, kIsAllowed };

  Crowd(const std::vector<std::uint16_t>& nodes, int clients, Wish wish, Busy busy = Busy::kFails);

  // The clients finish what they have begun.
  ~Crowd();

  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  // From now on the node is asked for nothing. Waits until nobody waits for it any more.
  void avoid(std::uint16_t node);

  // It is up again.
  void visit(std::uint16_t node);

  // Waits until each client was answered `more` times more, or one has failed.
  void go_on(int more);

  // The clients finish what they have begun, and leave.
  void leave();

  // Answers that were a 503.
  [[nodiscard]] int refused() const;

  // Of the pictures since this was last asked.
  Waits take_waits();

  // What went wrong, a line each; empty if nothing has.
  [[nodiscard]] std::string failures() const;

  // What each target was answered with.
  [[nodiscard]] std::map<std::string, std::string> pictures() const;

 private:
  struct Node {
    bool up = true;
    int asking = 0;
  };
  using Connections = std::map<std::uint16_t, std::unique_ptr<Client>>;

  void live(int client, const Wish& wish);
  void ask(Connections& connections, std::uint16_t node, const std::string& target);
  [[nodiscard]] std::uint16_t choose(int turn);
  void done_with(std::uint16_t node);
  void note(const std::string& target, const Reply& reply, double milliseconds);
  void note_failure(const std::string& line);

  const Busy busy_;
  std::atomic<bool> leaving_ = false;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::map<std::uint16_t, Node> nodes_;
  std::vector<int> answers_;  // of each client
  std::map<std::string, std::string> pictures_;
  std::vector<double> waits_;  // in milliseconds
  int refused_ = 0;
  std::string failures_;
  std::vector<std::thread> threads_;  // touched by the owner only
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_INTEGRATION_HARNESS_CROWD_H_
