#include "groupcache/original_query.h"

#include <gtest/gtest.h>

#include <string>

#include "params/parse_target.h"

namespace imageserver {
namespace {

constexpr const char* kName = "https://origin.example/img/a%20b.jpg";

TEST(OriginalQueryTest, AsksForNothingButTheName) {
  const Deadline deadline = Clock::now();
  const QueryPtr query = original_query(kName, Query::From::kPeer, deadline);
  EXPECT_EQ(query->of, Query::Of::kOriginal);
  EXPECT_EQ(query->from, Query::From::kPeer);
  EXPECT_EQ(query->deadline, deadline);
  EXPECT_EQ(query->spec.source, kName);
  EXPECT_EQ(query->key, query->params.key());
  EXPECT_EQ(original_name(query->params), kName);
}

TEST(OriginalQueryTest, AnotherNameIsAnotherKey) {
  const auto key = [](const std::string& name) {
    return original_query(name, Query::From::kClient, {})->key;
  };
  EXPECT_EQ(key(kName), key(kName));
  EXPECT_NE(key(kName), key("https://origin.example/img/b.jpg"));
}

TEST(OriginalQueryTest, ParamsWithMoreOrOtherThanASourceNameNoOriginal) {
  EXPECT_EQ(original_name(Params()), std::nullopt);
  EXPECT_EQ(original_name(parse_target("/a.jpg?width=10").value()), std::nullopt);
  Params other;
  other.insert("preset", std::string("a"));
  EXPECT_EQ(original_name(other), std::nullopt);
  Params number;
  number.insert("source", std::int64_t{5});
  EXPECT_EQ(original_name(number), std::nullopt);
}

}  // namespace
}  // namespace imageserver
