#include "params/preset_file.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>

#include "support/temporary_directory.h"

namespace imageserver {
namespace {

class PresetFileTest : public ::testing::Test {
 protected:
  void write(std::string_view content) const { directory_.write("presets", content); }

  [[nodiscard]] Result<std::unique_ptr<PresetFile>> open() const { return PresetFile::open(path_); }

  void expect_wrong(const std::string& rule) const {
    const auto opened = open();
    ASSERT_TRUE(opened.has_error()) << rule;
    EXPECT_EQ(opened.error(), (Error{ErrorKind::kInvalidParam, path_ + ": " + rule}));
  }

  const testing::TemporaryDirectory directory_;
  const std::string path_ = (directory_.path() / "presets").string();
};

TEST_F(PresetFileTest, HoldsWhatTheFileSays) {
  write("thumb=width=100\n");
  const auto file = open().value();
  EXPECT_EQ(*file->presets()->find("thumb"), "width=100");
}

TEST_F(PresetFileTest, WhatIsWrongNamesTheFileAndTheLine) {
  expect_wrong("cannot be read: No such file or directory");
  write("a=width=1\nb=width=-1\n");
  expect_wrong("line 2: invalid param \"width\": must be greater than or equal to 0");
  write(std::string(kMaxPresetFile + 1, '\n'));
  expect_wrong("must not be larger than 1 MiB");
  write(std::string(kMaxPresetFile, '\n'));
  EXPECT_TRUE(open().has_value());
}

TEST_F(PresetFileTest, ADirectoryOrAPipeIsRefusedWithoutWaiting) {
  std::filesystem::create_directory(path_);
  expect_wrong("cannot be read: Is a directory");
}

TEST_F(PresetFileTest, IsReadAgainWhenToldTo) {
  write("thumb=width=100");
  const auto file = open().value();
  const auto before = file->presets();
  write("thumb=width=200");
  EXPECT_EQ(*file->presets()->find("thumb"), "width=100");
  file->reload();
  EXPECT_EQ(*file->presets()->find("thumb"), "width=200");
  EXPECT_EQ(*before->find("thumb"), "width=100") << "who has them keeps them";
}

TEST_F(PresetFileTest, WhatIsWrongLaterLeavesTheOldOnes) {
  write("thumb=width=100");
  const auto file = open().value();
  for (const std::string content : {"thumb=width=-1", "thumb", "a=preset=b"}) {
    write(content);
    file->reload();
    EXPECT_EQ(*file->presets()->find("thumb"), "width=100") << content;
  }
  std::filesystem::remove(path_);
  file->reload();
  EXPECT_EQ(*file->presets()->find("thumb"), "width=100");
  write("");
  file->reload();
  EXPECT_EQ(file->presets()->find("thumb"), nullptr) << "no presets are a list as well";
}

// The reader goes on until the last reload is over, so that the two really meet: a missing lock is
// found by ThreadSanitizer.
TEST_F(PresetFileTest, ThreadsMayAskForThePresetsWhileTheFileIsReadAgain) {
  write("thumb=width=100");
  const auto file = open().value();
  std::atomic<bool> done = false;
  std::thread reader([&] {
    do {
      EXPECT_EQ(*file->presets()->find("thumb"), "width=100");
    } while (!done);
  });
  for (int i = 0; i < 20; ++i) file->reload();
  done = true;
  reader.join();
}

}  // namespace
}  // namespace imageserver
