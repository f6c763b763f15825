#include "render/wire/answer.h"

#include <gtest/gtest.h>

#include <string>

namespace imageserver {
namespace {

const Bytes kSource = Bytes::copy("GIF89a original");

Message picture(Format format, const std::string& data, Frames frames = {1, 1}) {
  return {MessageKind::kPicture, encoded_value(PictureHead{format, frames}) + data};
}

Message error(ErrorKind kind, const std::string& text) {
  return {MessageKind::kError, encoded_value(Error{kind, text})};
}

Description description() {
  return {.header = {.type = FileType::kGif, .stored = {3, 2}},
          .bytes = kSource.size(),
          .profile = {},
          .dominant = {},
          .blurhash = "00"};
}

Message said(const Description& description) {
  return {MessageKind::kDescription, encoded_value(description)};
}

TEST(PictureIn, HasTheDataOfItsFormat) {
  const auto result = picture_in(picture(Format::kGif, "GIF89a!", {2, 9}), kSource, {});
  ASSERT_TRUE(result && result->has_value());
  EXPECT_EQ((**result)->data.view(), "GIF89a!");
  EXPECT_EQ((**result)->frames, (Frames{2, 9}));
  EXPECT_EQ((**result)->etag, entity_tag("GIF89a!"));
}

TEST(PictureIn, MayBeTheOriginal) {
  const std::string head = encoded_value(PictureHead{Format::kGif, {1, 1}});
  const auto result = picture_in({MessageKind::kOriginal, head}, kSource, {});
  ASSERT_TRUE(result && result->has_value());
  EXPECT_EQ((**result)->data.data(), kSource.data());
  EXPECT_FALSE(picture_in({MessageKind::kOriginal, head + "x"}, kSource, {}));
  EXPECT_FALSE(picture_in({MessageKind::kOriginal, head}, Bytes::copy("\xFF\xD8\xFF"), {}));
}

TEST(PictureIn, IsNoneWhereItContradictsItself) {
  EXPECT_FALSE(picture_in(picture(Format::kPng, "GIF89a!"), kSource, {}));
  EXPECT_FALSE(picture_in(picture(Format::kGif, ""), kSource, {}));
  EXPECT_FALSE(picture_in(picture(Format::kGif, "GIF89a!", {2, 1}), kSource, {}));
  EXPECT_FALSE(picture_in({MessageKind::kPicture, "short"}, kSource, {}));
  EXPECT_FALSE(picture_in(said(description()), kSource, {}));
}

TEST(PictureIn, IsAnErrorThatARendererMayHave) {
  const auto result = picture_in(error(ErrorKind::kUnprocessable, "damaged"), kSource, {});
  ASSERT_TRUE(result && result->has_error());
  EXPECT_EQ(result->error(), (Error{ErrorKind::kUnprocessable, "damaged"}));
  for (const ErrorKind kind : {ErrorKind::kInvalidParam, ErrorKind::kOutOfMemory,
                               ErrorKind::kCancelled, ErrorKind::kInternal})
    EXPECT_TRUE(picture_in(error(kind, std::string(500, 'x')), kSource, {}));
  for (const ErrorKind kind :
       {ErrorKind::kBadRequest, ErrorKind::kForbidden, ErrorKind::kNotFound, ErrorKind::kDeadly,
        ErrorKind::kNeedsMemory, ErrorKind::kOrigin, ErrorKind::kBusy, ErrorKind::kDeadlineExceeded,
        ErrorKind::kUnreachable, ErrorKind::kCutOff, ErrorKind::kPeer})
    EXPECT_FALSE(picture_in(error(kind, "damaged"), kSource, {}));
  EXPECT_FALSE(picture_in(error(ErrorKind::kUnprocessable, "two\nlines"), kSource, {}));
  EXPECT_FALSE(picture_in(error(ErrorKind::kUnprocessable, std::string(501, 'x')), kSource, {}));
  EXPECT_FALSE(picture_in({MessageKind::kError, ""}, kSource, {}));
}

TEST(DescriptionIn, IsThatOfTheOriginal) {
  EXPECT_EQ(**description_in(said(description()), kSource), description());
  for (const auto change : {+[](Description& it) { it.bytes = 1; },
                            +[](Description& it) { it.header.type = FileType::kPng; },
                            +[](Description& it) { it.header.stored.width = 0; },
                            +[](Description& it) { it.header.stored.height = 0; },
                            +[](Description& it) { it.header.pages = 0; },
                            +[](Description& it) { it.header.orientation = 0; },
                            +[](Description& it) { it.header.orientation = 9; }}) {
    Description other = description();
    change(other);
    EXPECT_FALSE(description_in(said(other), kSource));
  }
  EXPECT_FALSE(description_in(picture(Format::kGif, "GIF89a!"), kSource));
  EXPECT_TRUE(description_in(error(ErrorKind::kCancelled, "left"), kSource)->has_error());
  EXPECT_FALSE(description_in(error(ErrorKind::kBusy, "left"), kSource));
}

TEST(Answer, APictureIsInTheFormatThatWasAskedFor) {
  TransformSpec spec;
  spec.format = Format::kGif;
  EXPECT_TRUE(picture_in(picture(Format::kGif, "GIF89a!"), kSource, spec));
  spec.format = Format::kPng;
  EXPECT_FALSE(picture_in(picture(Format::kGif, "GIF89a!"), kSource, spec));
}

}  // namespace
}  // namespace imageserver
