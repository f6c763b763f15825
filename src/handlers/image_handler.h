// Answers requests for pictures: path and query in, an encoded picture out.

#ifndef IMAGESERVER_HANDLERS_IMAGE_HANDLER_H_
#define IMAGESERVER_HANDLERS_IMAGE_HANDLER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "groupcache/group.h"
#include "handlers/fallbacks.h"
#include "handlers/serving.h"
#include "handlers/target_cache.h"
#include "http/handler.h"
#include "params/params.h"
#include "params/parse_target.h"

namespace imageserver {

// A target that was parsed before is not parsed again (TargetCache). Targets with `format=auto` are
// parsed each time, as their keys depend on the request's Accept too.
//
// An answer names the parameters that were ignored (kIgnoredField), unless the request is refused
// before they are looked at.
//
// What is not fresh says so by a short Cache-Control, and every picture how it came about
// (serving.h).
//
// What is missing or cannot be read is answered with a fall-back picture, where there is one for
// its path: made as was asked, with a status of its own, and to be kept for ten seconds. If that
// cannot be made either, the first error is answered.
//
// Every answer to a request with `format=auto` has `Vary: Accept`. A request that is refused before
// its `format` is parsed gets no `Vary`.
//
// Threads: as Handler. REQUIRES: `group` outlives it.
class ImageHandler final : public Handler {
 public:
  // Gives the rules that requests are parsed by now. Called from any thread, concurrently.
  using Rules = std::function<TargetRules()>;

  // `timeout` is the time for one request; clients may keep a picture for `max_age_seconds`.
  ImageHandler(Group& group, Rules rules, std::chrono::milliseconds timeout, int max_age_seconds,
               Fallbacks fallbacks = {});

  Answer handle(const Request& request) override;

 private:
  // `looked`: what the caches have; none: they were not yet asked. Each request counts one get.
  [[nodiscard]] Answer read_and_answer(const Request& request, const TargetRules& rules,
                                       std::optional<Group::Looked> looked);
  [[nodiscard]] Answer answer(const Request& request, const TargetRules& rules, Params params,
                              std::optional<Group::Looked> looked, const std::string& ignored);
  [[nodiscard]] Response respond(const Request& request, const Image& image,
                                 const Serving& serving) const;
  [[nodiscard]] Response respond_instead(const Request& request, const Image& image) const;
  Awaitable<Response> respond_to_error(const Request& request, const Query& query,
                                       const Error& error);
  Awaitable<Response> respond_later(const Request& request, std::shared_ptr<Query> query,
                                    bool was_cached, bool is_unsure, std::string ignored);

  Group& group_;
  const Rules rules_;
  const std::unique_ptr<TargetCache> targets_;
  const std::chrono::milliseconds timeout_;
  const CacheControl cache_control_;
  const Fallbacks fallbacks_;
};

}  // namespace imageserver

#endif  // IMAGESERVER_HANDLERS_IMAGE_HANDLER_H_
