// Running a context on the test's own thread.

#ifndef IMAGESERVER_TESTS_SUPPORT_RUN_TO_END_H_
#define IMAGESERVER_TESTS_SUPPORT_RUN_TO_END_H_

#include <gtest/gtest.h>

#include "base/asio.h"
#include "support/patience.h"

namespace imageserver::testing {

// Runs it until nothing is left to wait for, or until it is stopped.
inline void run_to_end(net::io_context& context) {
  context.restart();
  context.run_for(kShortPatience);
  EXPECT_TRUE(context.stopped()) << "something is still waited for";
}

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_RUN_TO_END_H_
