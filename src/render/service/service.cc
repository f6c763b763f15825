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
#include "render/service/kept_lines.h"
#include "render/service/mailbox.h"
#include "render/wire/channel.h"

namespace imageserver {
namespace {

// A job and its spec.
constexpr std::size_t kLargestMessage = 64U << 10U;

// What takes more leaves much behind. The next job has a limit of its own (RLIMIT_DATA), in which
// that would count.
constexpr std::int64_t kMuchMemory = 32 << 20;

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

  // Ends the process when the server is gone, or says what it must not.
  [[noreturn]] void receive() {
    while (true) {
      const auto message = channel_.wait_for_message(kLargestMessage);
      if (!message || !mailbox_.put(*message)) _exit(0);
    }
  }

  [[noreturn]] void work() {
    while (true) {
      const ReceivedJob received = mailbox_.take_job();
      largest_ = 0;
      received.job.of == RenderJob::Of::kPicture ? make_picture(received) : describe_it(received);
      if (largest_ > kMuchMemory) give_back_free_memory();
    }
  }

 private:
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
      return channel_.send(MessageKind::kAsk, encoded_value(demand)) && mailbox_.take_permit();
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
    for (const RenderLogLine& line : lines_->take())
      static_cast<void>(channel_.send(MessageKind::kLog, encoded_value(line)));
    static_cast<void>(channel_.send(kind, head, rest));
  }

  Channel channel_;
  const JobFiles& files_;
  const std::shared_ptr<KeptLines> lines_;
  Mailbox mailbox_;
  std::int64_t largest_ = 0;  // of the demands of this job, in bytes
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
  std::thread([&service] { service.receive(); }).detach();
  service.work();
}

}  // namespace imageserver
