#include "render/service/service.h"

#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <string_view>
#include <thread>
#include <utility>

#include "base/bytes.h"
#include "base/free_memory.h"
#include "base/log.h"
#include "image/describe.h"
#include "image/transform.h"
#include "render/service/inbox.h"
#include "render/service/kept_lines.h"
#include "render/wire/channel.h"

namespace imageserver {
namespace {

// So much freed memory is kept for the next job, which would have to get each page again. The limit
// of that job (RLIMIT_DATA) leaves room for it: what a renderer has without a job, some 20 MiB, and
// this are below kIdleRendererMemory.
constexpr std::int64_t kMostFree = 24 << 20;

// After so many small jobs that is looked at.
constexpr int kLookEvery = 16;

// Whether there is as much memory as hardly any job can do without.
bool has_memory() {
  constexpr std::size_t kLittle = 16U << 20U;
  void* const probe =
      mmap(nullptr, kLittle, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return probe != MAP_FAILED && munmap(probe, kLittle) == 0;
}

class Service {
 public:
  Service(UniqueFd socket, const JobFiles& files)
      : channel_(std::move(socket)), files_(files), lines_(std::make_shared<KeptLines>()) {
    const auto level = log::get_level();
    log::set_default_logger(std::make_shared<log::logger>("renderer", lines_));
    log::set_level(level);
  }

  // Whether a descriptor is left. Without one libraries fail in ways that look like a damaged file,
  // and libvips starts without some of its formats.
  [[nodiscard]] static bool has_descriptor() { return UniqueFd(eventfd(0, EFD_CLOEXEC)).valid(); }

  void say_ready(const SandboxReport& sandbox) {
    static_cast<void>(channel_.send(MessageKind::kReady, encoded_value(sandbox)));
  }

  [[noreturn]] void watch() { inbox_.watch(); }

  [[noreturn]] void work() {
    while (true) {
      const ReceivedJob received = inbox_.begin_job();
      received.job.of == RenderJob::Of::kPicture ? make_picture(received) : describe_it(received);
      limit_free_memory();
    }
  }

 private:
  // A look takes some 10 microseconds.
  void limit_free_memory() {
    if (largest_ <= kMostFree && ++jobs_unlooked_ < kLookEvery) return;
    largest_ = 0;
    jobs_unlooked_ = 0;
    if (free_memory() > kMostFree) give_back_free_memory();
  }

  void make_picture(const ReceivedJob& received) {
    const RenderJob& job = received.job;
    const Bytes source = files_.file(0, job.source_bytes);
    const Bytes watermark = files_.file(job.source_bytes, job.watermark_bytes);
    const auto image =
        transform(source, job.spec, received.stop, job.context, watermark, admit(job));
    if (image.has_error()) return send(image.error());
    const Bytes& data = (*image)->data;
    const std::string head = encoded_value(PictureHead{*(*image)->format, (*image)->frames});
    const bool is_original = data.data() == source.data();
    is_original ? send(MessageKind::kOriginal, head)
                : send(MessageKind::kPicture, head, data.view());
  }

  void describe_it(const ReceivedJob& received) {
    const RenderJob& job = received.job;
    const auto description =
        describe(files_.file(0, job.source_bytes), received.stop, job.context, admit(job));
    if (description.has_error()) return send(description.error());
    send(MessageKind::kDescription, encoded_value(*description));
  }

  [[nodiscard]] Admit admit(const RenderJob& job) {
    return [this, unasked = job.unasked](const Demand& demand) {
      largest_ = std::max(largest_, demand.memory);
      if (demand.work <= unasked.work && demand.memory <= unasked.memory) return true;
      return channel_.send(MessageKind::kAsk, encoded_value(demand)) && inbox_.take_permit();
    };
  }

  // What it would say of a file while it lacks descriptors or memory is for another renderer to
  // say: many libraries do not tell that from damage.
  void send(const Error& error) {
    const bool speaks_of_file = error.kind != ErrorKind::kCancelled;
    if (speaks_of_file && (!has_descriptor() || !has_memory())) _exit(1);
    send(MessageKind::kError, encoded_value(error));
  }

  // The end of a job.
  void send(MessageKind kind, std::string_view head, std::string_view rest = {}) {
    inbox_.end_job();
    for (const RenderLogLine& line : lines_->take())
      static_cast<void>(channel_.send(MessageKind::kLog, encoded_value(line)));
    static_cast<void>(channel_.send(kind, head, rest));
  }

  Channel channel_;
  Inbox inbox_{channel_};
  const JobFiles& files_;
  const std::shared_ptr<KeptLines> lines_;
  // Of the jobs since the last look at what is free: the most that one has asked for, in bytes, and
  // how many there were.
  std::int64_t largest_ = 0;
  int jobs_unlooked_ = 0;
};

}  // namespace

void say_no_memory(int socket) {
  constexpr std::array<char, kMessageHeadBytes> kHead = {static_cast<char>(MessageKind::kNoMemory)};
  static_cast<void>(::send(socket, kHead.data(), kHead.size(), MSG_NOSIGNAL));
}

void serve_renders(UniqueFd socket, const JobFiles& files, const SandboxReport& sandbox) {
  if (!Service::has_descriptor()) _exit(1);
  Service service(std::move(socket), files);
  service.say_ready(sandbox);
  std::thread([&service] { service.watch(); }).detach();
  service.work();
}

}  // namespace imageserver
