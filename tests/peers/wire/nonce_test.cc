#include "peers/wire/nonce.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

#include "base/base64.h"
#include "base/text.h"

namespace imageserver {
namespace {

using std::string_literals::operator""s;

TEST(NonceStreamTest, CountsFrom0) {
  NonceStream stream;
  const Nonce first = parse_nonce(stream.next()).value();
  EXPECT_TRUE(first.counted);
  EXPECT_EQ(first.number, 0U);
  for (std::uint64_t number = 1; number < 5000; ++number) {
    const Nonce next = parse_nonce(stream.next()).value();
    EXPECT_EQ(next, (Nonce{first.stream, number, true}));
  }
}

TEST(NonceStreamTest, NoTwoAreTheSame) {
  NonceStream one;
  NonceStream other;
  EXPECT_NE(parse_nonce(one.next())->stream, parse_nonce(other.next())->stream);
}

TEST(NonceStreamTest, ManyThreadsGetNoneTwice) {
  constexpr std::size_t kThreads = 4;
  constexpr std::size_t kEach = 2000;
  NonceStream stream;
  std::vector<std::vector<std::string>> taken(kThreads);
  {
    std::vector<std::jthread> threads;
    for (auto& nonces : taken) {
      threads.emplace_back([&] {
        for (std::size_t i = 0; i < kEach; ++i) nonces.push_back(stream.next());
      });
    }
  }
  std::unordered_set<std::string> all;
  for (const auto& nonces : taken) all.insert(nonces.begin(), nonces.end());
  EXPECT_EQ(all.size(), kThreads * kEach);
}

// Nodes before it take any 32 bytes without a dot, and remember them as a text.
TEST(NonceStreamTest, IsANonceToNodesBeforeItToo) {
  NonceStream stream;
  for (int i = 0; i < 5000; ++i) {
    const std::string text = stream.next();
    EXPECT_EQ(text.size(), 32U);
    EXPECT_EQ(text.find('.'), std::string::npos) << text;
    EXPECT_TRUE(std::ranges::all_of(text, is_printable_ascii)) << text;
  }
}

TEST(ParseNonceTest, ReadsTheRandomNoncesOfNodesBeforeIt) {
  const Nonce::Stream stream = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xa, 0xb, 0xc, 0xd, 0xe, '\xff'};
  EXPECT_EQ(parse_nonce("000102030405060708090a0b0c0d0eff"), (Nonce{stream, 0, false}));
}

TEST(ParseNonceTest, ReadsTheLargestNumberThatCanBeTold) {
  const Nonce::Stream stream = {'s', 't', 'r', 'e', 'a', 'm', ' ', 'o',
                                'f', ' ', 'n', 'o', 'n', 'c', 'e', 's'};
  const std::string bytes = "stream of nonces";
  EXPECT_EQ(parse_nonce(encode_base64url(bytes + "\0\xff\xff\xff\xff\xff\xff\xff"s)),
            (Nonce{stream, (std::uint64_t{1} << 56U) - 1, true}));
  EXPECT_EQ(parse_nonce(encode_base64url(bytes + "\x01\0\0\0\0\0\0\0"s)), std::nullopt)
      << "it could be a random one";
}

TEST(ParseNonceTest, RefusesEverythingElse) {
  for (const std::string& text :
       {""s, "00"s, "000102030405060708090a0b0c0d0eff00"s, "000102030405060708090a0b0c0d0ef"s,
        "000102030405060708090A0B0C0D0EFF"s, "0001020304050607 8090a0b0c0d0eff"s,
        "000102030405060708090a0b0c0d0e.f"s, std::string(32, '\0'), std::string(32, '='),
        std::string(32, 'z'), std::string(100'000, 'A')}) {
    EXPECT_EQ(parse_nonce(text), std::nullopt) << text.substr(0, 100);
  }
}

}  // namespace
}  // namespace imageserver
