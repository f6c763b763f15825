#include "peers/purge_text.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "base/hash.h"
#include "support/purges.h"

namespace imageserver {
namespace {

using testing::purge_below;
using testing::purge_of;
using testing::purge_of_all;

constexpr const char* kSecret = "the secret of this ring";

std::string proof_of(const std::string& what) { return to_hex(hmac_sha256(kSecret, what)); }

std::vector<PurgeRecord> records_of(std::size_t count) {
  std::vector<PurgeRecord> records;
  records.reserve(count);
  for (std::size_t i = 0; i < count; ++i) records.push_back(purge_of("a", 100 + i));
  return records;
}

TEST(PurgeTextTest, EachRecordHasAProofOfItsOwn) {
  const PurgeRecord one = purge_of("a/b.jpg", 5);
  const PurgeRecord other = purge_of_all(6, true);
  EXPECT_EQ(tell_purges({one, other}, kSecret),
            "source-5;5.0;hard;source;a/b.jpg;" + proof_of("purge " + purge_hash(one)) +
                ",all-6;6.0;soft;all;" + proof_of("purge " + purge_hash(other)));
  EXPECT_EQ(tell_purges({}, kSecret), "");
}

TEST(PurgeTextTest, WithoutASecretNothingIsProven) {
  EXPECT_EQ(tell_purges({purge_of_all(6)}, ""), "all-6;6.0;hard;all;");
  EXPECT_EQ(tell_log({}, ""), contents_text({}) + "\n");
}

TEST(PurgeTextTest, WhatWasToldIsRead) {
  const std::vector<PurgeRecord> records = {purge_of("a b;c,d", 5), purge_below({"a", "b/c"}, 6),
                                            purge_of_all(7, true)};
  for (const char* secret : {"", kSecret}) {
    EXPECT_EQ(read_purges(tell_purges(records, secret), secret), records);
    EXPECT_EQ(read_purges("", secret), std::vector<PurgeRecord>());
  }
}

TEST(PurgeTextTest, ARecordThatIsNotProvenIsNotTaken) {
  const PurgeRecord record = purge_of("a", 5);
  const std::string told = tell_purges({record}, kSecret);
  std::string other = told;
  other.replace(other.find(";a;"), 3, ";b;");
  std::string cut_short = told;
  cut_short.pop_back();
  for (const std::string& wrong :
       {tell_purges({record}, ""), tell_purges({record}, "the secret of that ring"), other,
        cut_short, told + "0", ',' + told, told + ",," + told, purge_text(record), std::string(";"),
        std::string("junk"), purge_text(record) + ';' + proof_of("purges " + purge_hash(record))}) {
    EXPECT_EQ(read_purges(wrong, kSecret), std::nullopt) << wrong;
  }
  EXPECT_EQ(read_purges(told, ""), std::nullopt) << "without a secret there are no proofs";
}

TEST(PurgeTextTest, OneThatIsNotProvenSpoilsAll) {
  const std::string good = tell_purges({purge_of("a", 5)}, kSecret);
  const std::string bad = tell_purges({purge_of("b", 6)}, "another secret");
  EXPECT_EQ(read_purges(good + ',' + bad, kSecret), std::nullopt);
  EXPECT_EQ(read_purges(bad + ',' + good, kSecret), std::nullopt);
}

TEST(PurgeTextTest, AFieldTellsOfNoMoreThanItMay) {
  const auto most = records_of(kMostToldPurges);
  EXPECT_EQ(read_purges(tell_purges(most, kSecret), kSecret), most);
  EXPECT_EQ(read_purges(tell_purges(records_of(kMostToldPurges + 1), kSecret), kSecret),
            std::nullopt);
}

class PurgeLogTextTest : public ::testing::Test {
 protected:
  PurgeLogTextTest() {
    contents_.floor.stamp = {5, 0};
    contents_.records = {purge_of("a", 6), purge_of_all(7)};
  }

  PurgeLog::Contents contents_;
};

TEST_F(PurgeLogTextTest, TheProofOfALogStandsBehindIt) {
  const std::string text = contents_text(contents_);
  EXPECT_EQ(tell_log(contents_, kSecret), text + proof_of("purges " + text) + "\n");
}

TEST_F(PurgeLogTextTest, ALogIsReadAsItWasTold) {
  for (const char* secret : {"", kSecret}) {
    EXPECT_EQ(read_log(tell_log(contents_, secret), secret), contents_);
    EXPECT_EQ(read_log(tell_log({}, secret), secret), PurgeLog::Contents());
  }
}

TEST_F(PurgeLogTextTest, ALogThatIsNotProvenIsNotTaken) {
  const std::string told = tell_log(contents_, kSecret);
  PurgeLog::Contents less = contents_;
  less.records.pop_back();
  const std::string proof = proof_of("purges " + contents_text(contents_));
  for (const std::string& wrong :
       {std::string(), std::string("\n"), told.substr(0, told.size() - 1), told + "\n", "\n" + told,
        tell_log(contents_, ""), tell_log(contents_, "the secret of that ring"),
        contents_text(contents_), contents_text(less) + proof + "\n",
        contents_text(contents_) + proof_of("purge " + contents_text(contents_)) + "\n"}) {
    EXPECT_EQ(read_log(wrong, kSecret), std::nullopt) << wrong;
  }
  EXPECT_EQ(read_log(told, ""), std::nullopt) << "without a secret there are no proofs";
}

TEST_F(PurgeLogTextTest, WhatIsProvenMustBeALogAllTheSame) {
  const std::string text = "junk\n";
  EXPECT_EQ(read_log(text + proof_of("purges " + text) + "\n", kSecret), std::nullopt);
  EXPECT_EQ(read_log("junk\n\n", ""), std::nullopt);
}

}  // namespace
}  // namespace imageserver
