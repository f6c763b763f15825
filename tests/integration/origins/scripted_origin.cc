#include "integration/origins/scripted_origin.h"

#include <algorithm>
#include <utility>

namespace imageserver::testing {

ScriptedOrigin::ScriptedOrigin(Play play, std::shared_ptr<const Port> port)
    : play_(std::move(play)),
      server_(std::move(port), [this](const std::string& head) { return answer(head); }) {}

void ScriptedOrigin::play(Play play) {
  const std::lock_guard lock(mutex_);
  play_ = std::move(play);
}

int ScriptedOrigin::requests(const std::string& target) const {
  return static_cast<int>(std::ranges::count(heads(), target, target_of));
}

int ScriptedOrigin::requests() const { return static_cast<int>(heads().size()); }

std::vector<std::string> ScriptedOrigin::heads() const {
  const std::lock_guard lock(mutex_);
  return heads_;
}

Script ScriptedOrigin::answer(const std::string& head) {
  Play play;
  {
    const std::lock_guard lock(mutex_);
    heads_.push_back(head);
    play = play_;
  }
  return play(target_of(head));
}

ScriptedOrigin::Play gives(std::string bytes) {
  return plays({.bytes = answer_text(200, "Content-Type: image/jpeg\r\n", bytes)});
}

ScriptedOrigin::Play plays(Script script) {
  return [script = std::move(script)](const std::string&) { return script; };
}

}  // namespace imageserver::testing
