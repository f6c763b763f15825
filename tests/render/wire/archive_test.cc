#include "render/wire/archive.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "render/wire/fields.h"
#include "render/wire/messages.h"
#include "support/spec_fields.h"

namespace imageserver {
namespace {

RenderJob job_with(const SpecField& field) {
  RenderJob job;
  job.source_bytes = 12'345;
  job.watermark_bytes = 7;
  job.unasked = {std::numeric_limits<std::int64_t>::max(), 1};
  job.context.limits.max_frames = 3;
  job.context.untrusted.pdf = true;
  job.spec = spec_with(field);
  return job;
}

class EveryField : public ::testing::TestWithParam<SpecField> {};

INSTANTIATE_TEST_SUITE_P(Spec, EveryField, testing::ValuesIn(spec_fields()));

TEST_P(EveryField, ComesThrough) {
  const RenderJob job = job_with(GetParam());
  EXPECT_EQ(decoded_value<RenderJob>(encoded_value(job)), job);
}

TEST_P(EveryField, HasNoOtherLength) {
  const std::string bytes = encoded_value(job_with(GetParam()));
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decoded_value<RenderJob>(bytes.substr(0, size))) << size;
  EXPECT_FALSE(decoded_value<RenderJob>(bytes + '\0'));
}

// Whatever is read is written with the same bytes: every value has one spelling.
TEST_P(EveryField, HasOneSpelling) {
  const std::string bytes = encoded_value(job_with(GetParam()));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const char flip : {'\1', '\x80', '\xFF'}) {
      std::string other = bytes;
      other[at] = static_cast<char>(other[at] ^ flip);
      const auto job = decoded_value<RenderJob>(other);
      if (!job) continue;
      EXPECT_EQ(encoded_value(*job), other) << at;
    }
  }
}

Description description() {
  return {.header = {.type = FileType::kJxl,
                     .stored = {640, 480},
                     .pages = 3,
                     .orientation = 6,
                     .alpha = true,
                     .natural = RealSize{640.4, 479.6}},
          .bytes = std::uint64_t{1} << 40U,
          .profile = "a profile",
          .dominant = {1, 2, 3, 4},
          .blurhash = "LKO2?U%2Tw=w]~RBVZRi};RPxuwH"};
}

TEST(Archive, ADescriptionComesThrough) {
  const std::string bytes = encoded_value(description());
  EXPECT_EQ(decoded_value<Description>(bytes), description());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decoded_value<Description>(bytes.substr(0, size))) << size;
}

TEST(Archive, AReportComesThrough) {
  const SandboxReport report{38, -1};
  const std::string bytes = encoded_value(report);
  EXPECT_EQ(decoded_value<SandboxReport>(bytes), report);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decoded_value<SandboxReport>(bytes.substr(0, size))) << size;
  EXPECT_FALSE(decoded_value<SandboxReport>(bytes + '\0'));
}

TEST(Archive, NumbersAreLittleEndian) {
  EXPECT_EQ(encoded_value(MessageHead{MessageKind::kPicture, 0x01020304}),
            std::string("\6\4\3\2\1", 5));
  EXPECT_EQ(encoded_value(MessageHead{}).size(), kMessageHeadBytes);
  EXPECT_EQ(encoded_value(PictureHead{}).size(), kPictureHeadBytes);
}

TEST(Archive, WhatIsNoValueIsNone) {
  EXPECT_FALSE(decoded_value<bool>("\2"));
  EXPECT_FALSE(decoded_value<Format>("\7"));
  EXPECT_TRUE(decoded_value<Format>("\6"));
  EXPECT_FALSE(decoded_value<double>(std::string("\0\0\0\0\0\0\xF0\x7F", 8))) << "infinity";
  EXPECT_FALSE(decoded_value<std::string>(std::string("\xFF\xFF\xFF\xFF", 4)));
  EXPECT_FALSE(decoded_value<std::optional<bool>>("\2"));
}

TEST(Archive, TextsAreBounded) {
  EXPECT_TRUE(decoded_value<std::string>(encoded_value(std::string(kLongestText, 'x'))));
  EXPECT_FALSE(decoded_value<std::string>(encoded_value(std::string(kLongestText + 1, 'x'))));
}

}  // namespace
}  // namespace imageserver
