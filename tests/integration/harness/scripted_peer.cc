#include "integration/harness/scripted_peer.h"

#include <utility>

namespace imageserver::testing {
namespace {

bool asks_for_picture(const std::string& target) {
  return target.starts_with("/_groupcache/imageserver/");
}

}  // namespace

ScriptedPeer::ScriptedPeer(Play play)
    : play_(std::move(play)), server_([this](const std::string& head) { return answer(head); }) {}

void ScriptedPeer::play(Play play) {
  const std::lock_guard lock(mutex_);
  play_ = std::move(play);
}

std::string ScriptedPeer::last_head() const {
  const std::lock_guard lock(mutex_);
  return last_head_;
}

Script ScriptedPeer::answer(const std::string& head) {
  const std::string target = target_of(head);
  Play play;
  {
    const std::lock_guard lock(mutex_);
    if (asks_for_picture(target)) last_head_ = head;
    play = play_;
  }
  ++(asks_for_picture(target) ? requests_ : probes_);
  return play(target);
}

}  // namespace imageserver::testing
