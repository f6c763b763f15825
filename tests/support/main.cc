// The main function of every test program.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/log.h"

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  // As the server does, before there are threads: else the first two that log at once would both
  // start spdlog.
  const imageserver::LogOutput output("info");
  return RUN_ALL_TESTS();
}
