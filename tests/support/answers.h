// Asks a handler without a server around it.

#ifndef IMAGESERVER_TESTS_SUPPORT_ANSWERS_H_
#define IMAGESERVER_TESTS_SUPPORT_ANSWERS_H_

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <string>
#include <utility>
#include <variant>

#include "support/run_to_end.h"

#include "http/handler.h"

namespace imageserver::testing {

// The answer, which is waited for if it is not ready at once.
inline Response answer_of(Handler& handler, const Request& request) {
  Answer answer = handler.handle(request);
  if (auto* const ready = std::get_if<Response>(&answer)) return std::move(*ready);
  net::io_context context(1);
  Response response;
  net::co_spawn(context, std::move(std::get<Later>(answer).response),
                [&](const std::exception_ptr& thrown, Response later) {
                  EXPECT_FALSE(thrown);
                  response = std::move(later);
                });
  run_to_end(context);
  return response;
}

inline std::string body_of(const Response& response) {
  return response.prefix + std::string(response.body.view());
}

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_ANSWERS_H_
