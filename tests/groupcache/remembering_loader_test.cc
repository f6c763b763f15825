#include "groupcache/remembering_loader.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "support/groups.h"

namespace imageserver {
namespace {

const Error kDeadly{ErrorKind::kDeadly, "died"};

QueryPtr query_of(std::string key) {
  auto query = std::make_shared<Query>();
  query->key = std::move(key);
  return query;
}

class RememberingLoaderTest : public ::testing::Test {
 protected:
  RememberingLoaderTest() { inner_.answers_at_once = true; }

  static Result<ImagePtr> load(Loader& loader, const std::string& key) {
    Result<ImagePtr> result = ImagePtr();
    loader.load(query_of(key), {}, [&](Result<ImagePtr> ended) { result = std::move(ended); });
    return result;
  }

  testing::PendingLoader inner_;
};

TEST_F(RememberingLoaderTest, WhatWasDeadlyIsNotTriedAgain) {
  for (const ErrorKind kind : {ErrorKind::kDeadly, ErrorKind::kNeedsMemory}) {
    RememberingLoader loader(inner_, std::chrono::hours(1));
    inner_.loads = 0;
    inner_.result = Error{kind, "why"};
    for (int i = 0; i < 3; ++i) EXPECT_EQ(load(loader, "a").error(), (Error{kind, "why"}));
    EXPECT_EQ(inner_.loads, 1);
  }
}

TEST_F(RememberingLoaderTest, OtherKeysAreTried) {
  RememberingLoader loader(inner_, std::chrono::hours(1));
  inner_.result = kDeadly;
  EXPECT_TRUE(load(loader, "a").has_error());
  inner_.result = testing::image_of("picture");
  EXPECT_TRUE(load(loader, "b").has_value());
  EXPECT_TRUE(load(loader, "a").has_error());
}

TEST_F(RememberingLoaderTest, OtherErrorsAreNotRemembered) {
  RememberingLoader loader(inner_, std::chrono::hours(1));
  for (const ErrorKind kind : {ErrorKind::kUnprocessable, ErrorKind::kBusy, ErrorKind::kOutOfMemory,
                               ErrorKind::kCancelled, ErrorKind::kNotFound, ErrorKind::kInternal}) {
    inner_.result = Error{kind, "why"};
    EXPECT_EQ(load(loader, "a").error().kind, kind);
  }
  inner_.result = testing::image_of("picture");
  EXPECT_TRUE(load(loader, "a").has_value());
}

TEST_F(RememberingLoaderTest, NothingIsRememberedForNoTime) {
  RememberingLoader loader(inner_, milliseconds(0));
  inner_.result = kDeadly;
  EXPECT_TRUE(load(loader, "a").has_error());
  EXPECT_TRUE(load(loader, "a").has_error());
  EXPECT_EQ(inner_.loads, 2);
}

}  // namespace
}  // namespace imageserver
