#include "image/sandbox/protocol.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace imageserver {
namespace {

class SandboxProtocol : public ::testing::Test {
 protected:
  static std::string text(const DrawAnswer& answer) {
    const auto bytes = encode_answer(answer);
    return {bytes.begin(), bytes.end()};
  }

  static std::optional<DrawQuestion> parsed(const std::vector<std::string>& arguments) {
    std::vector<const char*> pointers;
    for (const std::string& argument : arguments) pointers.push_back(argument.c_str());
    return parse_question(pointers);
  }

  static void expect_comes_back(const DrawAnswer& answer) {
    EXPECT_EQ(decode_answer(text(answer)), answer);
  }

  static void expect_comes_back(const DrawQuestion& question) {
    EXPECT_EQ(parsed(to_arguments(question)), question);
  }

  static void expect_nonsense(const DrawAnswer& answer) {
    EXPECT_EQ(decode_answer(text(answer)), std::nullopt);
  }
};

TEST_F(SandboxProtocol, QuestionsComeBack) {
  expect_comes_back(
      DrawQuestion{.type = FileType::kSvg, .page = 0, .cpu_seconds = 1, .drawing = {}});
  expect_comes_back(DrawQuestion{.type = FileType::kPdf,
                                 .page = 2'147'483'647,
                                 .cpu_seconds = 30,
                                 .drawing = Drawing{0.1 + 0.2, 50'000'000}});
  expect_comes_back(DrawQuestion{
      .type = FileType::kJxl, .page = 7, .cpu_seconds = 30, .drawing = Drawing{1e-9, 1}});
}

TEST_F(SandboxProtocol, OtherArgumentsAreNoQuestion) {
  const std::vector<std::vector<std::string>> wrong = {
      {},
      {"30", "svg"},
      {"0", "svg", "0"},
      {"-1", "svg", "0"},
      {"30", "SVG", "0"},
      {"30", "jpeg", "0"},
      {"30", "svg", "-1"},
      {"30", "svg", "2147483648"},
      {"30", "svg", "0 "},
      {"30", "svg", "0", "1"},
      {"30", "svg", "0", "0", "100"},
      {"30", "svg", "0", "-1", "100"},
      {"30", "svg", "0", "nan", "100"},
      {"30", "svg", "0", "inf", "100"},
      {"30", "svg", "0", "1", "0"},
      {"30", "svg", "0", "1", "100", "1"},
  };
  for (const auto& arguments : wrong) EXPECT_EQ(parsed(arguments), std::nullopt);
}

TEST_F(SandboxProtocol, AnswersComeBack) {
  expect_comes_back(DrawnHeader{{1, 10'000'000}, 2'147'483'647, 8, true});
  expect_comes_back(DrawnHeader{{120, 80}, 1, 1, false});
  expect_comes_back(DrawnHeader{{0.125, 10.5}, 1, 1, false});
  expect_comes_back(DrawnPixels{{7000, 7001}, 4});
}

TEST_F(SandboxProtocol, NumbersThatMakeNoSenseAreRefused) {
  const DrawnHeader header{{120, 80}, 1, 1, false};
  for (const Size size : {Size{0, 80}, Size{120, 0}, Size{-1, 80}, Size{120, 10'000'001}}) {
    const RealSize same{static_cast<double>(size.width), static_cast<double>(size.height)};
    expect_nonsense(DrawnHeader{same, 1, 1, false});
    expect_nonsense(DrawnPixels{size, 3});
  }
  for (const double side : {std::nan(""), std::numeric_limits<double>::infinity(), -0.5})
    expect_nonsense(DrawnHeader{{side, 80}, 1, 1, false});
  for (const int pages : {0, -1, std::numeric_limits<int>::min()})
    expect_nonsense(DrawnHeader{header.size, pages, 1, false});
  for (const int orientation : {0, 9, 255})
    expect_nonsense(DrawnHeader{header.size, 1, orientation, false});
  for (const int bands : {0, 5, 255}) expect_nonsense(DrawnPixels{{120, 80}, bands});
}

TEST_F(SandboxProtocol, AnAnswerHasOneSpelling) {
  const std::string good = text(DrawnHeader{{120, 80}, 1, 1, false});
  EXPECT_EQ(decode_answer(good.substr(0, good.size() - 1)), std::nullopt);
  EXPECT_EQ(decode_answer(good + '\0'), std::nullopt);
  EXPECT_EQ(decode_answer({}), std::nullopt);
  for (const std::size_t at : {0, 3, 4, 18, 19}) {
    std::string changed = good;
    changed.at(at) = '\2';
    EXPECT_EQ(decode_answer(changed), std::nullopt) << at;
  }
}

}  // namespace
}  // namespace imageserver
