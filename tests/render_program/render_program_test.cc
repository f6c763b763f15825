// The program that renders, and what it is held to.

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "image/describe.h"
#include "render/pool/process_renderer.h"
#include "support/pdf_file.h"
#include "support/pictures.h"
#include "support/spec_fields.h"

namespace imageserver {
namespace {

using std::chrono::milliseconds;
using testing::pdf;
using vips::VImage;

// Each mask is drawn several times for each time that it is used: a few levels take for ever.
Bytes endless_svg() {
  constexpr int kLevels = 14;
  std::string text = "<svg xmlns='http://www.w3.org/2000/svg' width='200' height='200'>";
  for (int level = 1; level <= kLevels; ++level) {
    text += "<mask id='m" + std::to_string(level) + "'>";
    for (int i = 0; i < 4; ++i) {
      text += "<rect width='200' height='200' fill='white' mask='url(#m" +
              std::to_string(level - 1) + ")'/>";
    }
    text += "</mask>";
  }
  return Bytes::own(text + "<mask id='m0'><rect width='9' height='9' fill='white'/></mask>" +
                    "<rect width='200' height='200' mask='url(#m" + std::to_string(kLevels) +
                    ")'/></svg>");
}

// Saves of the graphics state that are never taken back: some 1.5 KB each.
Bytes swelling_pdf() {
  std::string saves;
  for (int i = 0; i < 2'000'000; ++i) saves += "q ";
  return pdf({{{60, 40}, saves}});
}

std::vector<pid_t> children() {
  std::vector<pid_t> all;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream file(thread.path() / "children");
    for (pid_t pid = 0; file >> pid;) all.push_back(pid);
  }
  std::sort(all.begin(), all.end());
  return all;
}

// The process has the memory that it has, and gets no more.
void leave_as_it_is(pid_t process) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string word; status >> word;) {
    if (word != "VmData:") continue;
    rlim_t kibibytes = 0;
    status >> kibibytes;
    const rlimit limit{kibibytes << 10U, kibibytes << 10U};
    static_cast<void>(prlimit(process, RLIMIT_DATA, &limit, nullptr));
  }
}

Bytes svg_with(const std::string& text) {
  return Bytes::own(
      "<svg xmlns='http://www.w3.org/2000/svg' width='60' height='40'>"
      "<text x='5' y='32' font-family='serif' font-size='30'>" +
      text + "</text></svg>");
}

// In a font that is not in the file.
Bytes pdf_with(const std::string& text) {
  std::string file(pdf({{{60, 40}, "BT /F1 30 Tf 5 8 Td (" + text + ") Tj ET"}}).view());
  constexpr std::string_view kFont =
      "/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>";
  return Bytes::own(file.insert(file.find("/MediaBox"), kFont));
}

RenderTerms terms() {
  RenderTerms terms;
  terms.context.untrusted = {.svg = true, .pdf = true, .jxl = true};
  terms.unasked = {.work = 200'000'000, .memory = 192 << 20};
  return terms;
}

class RenderProgramTest : public TransformTest {
 protected:
  Result<ImagePtr> ask(const Bytes& source, const TransformSpec& spec = {},
                       const std::stop_token& stop = {}, const Admit& admit = {}) {
    return renderer_.picture(source, spec, {}, stop, admit);
  }

  static Bytes svg(const std::string& contents = {}) {
    return Bytes::own("<svg xmlns='http://www.w3.org/2000/svg' width='12' height='8'>" + contents +
                      "<rect width='6' height='8' fill='#c8280a'/></svg>");
  }

  // The error of a job that is stopped after so long.
  Error stopped_after(milliseconds time, const Bytes& source, const TransformSpec& spec = {}) {
    std::stop_source stop;
    const std::jthread other([&] {
      std::this_thread::sleep_for(time);
      stop.request_stop();
    });
    const auto result = ask(source, spec, stop.get_token());
    return result.has_error() ? result.error() : Error{};
  }

  ProcessRenderer renderer_{terms(), IMAGESERVER_RENDER_PROGRAM};
};

// The same as in this process: formats, sizes, errors, and a picture that is its original.
TEST_F(RenderProgramTest, AnswersAreThoseOfTheImageRoom) {
  const TransformContext context = terms().context;
  std::vector<TransformSpec> specs = {sized(40, 0), sized(9000, 9000), {}};
  for (const Format format : kFormats) specs.push_back(as(format));
  for (const SpecField& field : spec_fields()) field.change(specs.emplace_back(sized(40, 30)));
  for (const auto kind : {Gravity::Kind::kSmart, Gravity::Kind::kEntropy}) {
    specs.push_back(sized(40, 30, Mode::kFill));
    specs.back().gravity.kind = kind;
  }
  for (const char* name : {"small.jpg", "alpha.png", "animated.gif", "small.heic", "cmyk.jpg"}) {
    const Bytes source = read_testdata(name);
    for (const TransformSpec& spec : specs) {
      const auto here = transform(source, spec, {}, context);
      const auto there = ask(source, spec);
      ASSERT_EQ(here.has_error(), there.has_error()) << name;
      if (here.has_error()) {
        EXPECT_EQ(here.error(), there.error()) << name;
        continue;
      }
      EXPECT_EQ((*here)->data.view(), (*there)->data.view()) << name;
      EXPECT_EQ((*here)->format, (*there)->format) << name;
      EXPECT_EQ((*here)->frames, (*there)->frames) << name;
    }
    EXPECT_EQ(*describe(source, {}, context), *renderer_.description(source, name, {}, {})) << name;
  }
}

// Without fonts, two letters are two empty boxes, whichever they are. What draws them in this
// process would leave memory of fontconfig behind.
TEST_F(RenderProgramTest, TextIsDrawn) {
  for (const auto& draw : {svg_with, pdf_with}) {
    const auto text = ask(draw("gh"), as(Format::kPng));
    const auto other = ask(draw("mi"), as(Format::kPng));
    ASSERT_TRUE(text.has_value() && other.has_value());
    EXPECT_NE((*text)->data.view(), (*other)->data.view());
  }
}

TEST_F(RenderProgramTest, WatermarksAreLaidOn) {
  TransformSpec spec = as(Format::kPng);
  spec.watermark.emplace();
  spec.watermark->scale = 1;
  const Bytes photo = encoded(plain(120, 80, {255, 255, 255}), Format::kPng);
  const auto marked = renderer_.picture(photo, spec, svg(), {}, {});
  ASSERT_TRUE(marked.has_value()) << marked.error().message;
  EXPECT_NEAR(colour_at(decoded(**marked), 10, 10, 40, 60).at(1), 40, 2);
}

TEST_F(RenderProgramTest, AStopEndsADrawingWithoutEnd) {
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(stopped_after(milliseconds(300), endless_svg()).kind, ErrorKind::kCancelled);
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(30));
}

// WebP's encoder looks at nothing while it works.
TEST_F(RenderProgramTest, AStopEndsAnEncoder) {
  TransformSpec spec = sized(6000, 6000);
  spec.format = Format::kWebp;
  spec.lossless = true;
  EXPECT_EQ(stopped_after(milliseconds(500), read_testdata("medium.jpg"), spec).kind,
            ErrorKind::kCancelled);
}

TEST_F(RenderProgramTest, ProcessorTimeIsBounded) {
  EXPECT_EQ(ask(endless_svg()).error(),
            (Error{ErrorKind::kUnprocessable, "the picture takes too long to read"}));
}

TEST_F(RenderProgramTest, MemoryIsBounded) {
  const ErrorKind kind = ask(swelling_pdf()).error().kind;
#ifdef IMAGESERVER_SANITIZED
  // A sanitizer has a limit of its own and is slow: its end of the process may be seen first, the
  // memory, or the time that the file takes.
  EXPECT_TRUE(kind == ErrorKind::kDeadly || kind == ErrorKind::kNeedsMemory ||
              kind == ErrorKind::kUnprocessable);
#else
  EXPECT_EQ(kind, ErrorKind::kNeedsMemory);
#endif
}

// Else they might call a file damaged that they could not read.
TEST_F(RenderProgramTest, RenderersThatLackSomethingBlameNoFile) {
  const Bytes damaged = read_testdata("truncated.png");
  const Error expected = transform(damaged, sized(20, 0), {}, terms().context).error();
  for (const auto what : {RLIMIT_NOFILE, RLIMIT_AS}) {
    ASSERT_TRUE(ask(read_testdata("small.jpg"), sized(20, 0)).has_value());
    const std::vector<pid_t> starved = children();
    constexpr rlimit kLittle{3, 3};
    for (const pid_t child : starved) ASSERT_EQ(prlimit(child, what, &kLittle, nullptr), 0);
    EXPECT_EQ(ask(damaged, sized(20, 0)).error(), expected);
    EXPECT_NE(children(), starved) << "they are not asked again";
  }
}

// Libraries go on without what they lack: they write an AVIF without its picture, or convert CMYK
// without its profile.
TEST_F(RenderProgramTest, RenderersThatGetNoMoreMemoryMakeNoOtherPicture) {
  for (const auto& [name, spec] :
       {std::pair("small.avif", sized(62, 0)), std::pair("cmyk.jpg", sized(200, 0)),
        std::pair("small.jpg", as(Format::kAvif))}) {
    const Bytes source = read_testdata(name);
    const Bytes expected = (*ask(source, spec))->data;
    for (int i = 0; i < 8; ++i) {
      for (const pid_t child : children()) leave_as_it_is(child);
      const auto made = ask(source, spec);
      ASSERT_TRUE(made.has_value()) << name << ": " << made.error().message;
      EXPECT_EQ((*made)->data.view(), expected.view()) << name;
    }
  }
}

TEST_F(RenderProgramTest, ManyThreadsWorkAtOnce) {
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int n = 0; n < 5; ++n)
          if (ask(n % 2 == 0 ? svg() : read_testdata("small.jpg"), sized(12, 0)).has_value())
            ++right;
      });
    }
  }
  EXPECT_EQ(right, 20);
}

}  // namespace
}  // namespace imageserver
