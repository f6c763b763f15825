// What a renderer may do once it is confined. Each operation is tried without the sandbox as well,
// so that it is the sandbox that refuses it.

#include <gtest/gtest.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include "support/process.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {
namespace {

#ifdef IMAGESERVER_SANITIZED
constexpr bool kReadsAnything = true;  // the report of a sanitizer does
#else
constexpr bool kReadsAnything = false;
#endif

bool has_landlock() {
  return syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
}

// The errno of an operation (confined_operation.cc), 0 if it works.
int attempt(const std::string& how, const std::string& operation, const std::string& path = {}) {
  Process process({IMAGESERVER_CONFINED_OPERATION, how, operation, path});
  return process.wait();
}

struct Refusal {
  std::string operation;
  int error = EPERM;
  bool works_anywhere = true;  // without the sandbox; else not on every machine, or not for all

  friend std::ostream& operator<<(std::ostream& out, const Refusal& refusal) {
    return out << refusal.operation;
  }
};

std::string name_of(const ::testing::TestParamInfo<Refusal>& info) {
  std::string name = info.param.operation;
  std::ranges::replace(name, ' ', '_');
  return name;
}

class Sandbox : public ::testing::TestWithParam<Refusal> {
 protected:
  // The parent lets itself be traced, where that is asked (Yama).
  Sandbox() { prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0); }

  // A path for each attempt: a file for what needs one, else none.
  [[nodiscard]] std::string path() const {
    const std::string& operation = GetParam().operation;
    if (operation == "mkdir" || operation == "write") return directory_.path() / "new";
    if (operation == "unmount" || operation == "chroot") return directory_.path();
    return directory_.write("file", "content");
  }

  const TemporaryDirectory directory_;
};

TEST_P(Sandbox, Refuses) {
  if (!has_landlock()) GTEST_SKIP() << "this kernel has no Landlock";
  for (const char* how : {"lasting", "once"})
    EXPECT_EQ(attempt(how, GetParam().operation, path()), GetParam().error) << how;
  const int without = attempt("free", GetParam().operation, path());
  if (GetParam().works_anywhere) {
    EXPECT_EQ(without, 0) << "it works without the sandbox";
  } else if (without == GetParam().error) {
    GTEST_SKIP() << "this machine refuses it by itself";
  }
}

INSTANTIATE_TEST_SUITE_P(
    Operations, Sandbox,
    ::testing::Values(
        Refusal{"write"}, Refusal{"empty"}, Refusal{"truncate"}, Refusal{"unlink"},
        Refusal{"mkdir"}, Refusal{"chmod"}, Refusal{"inet"}, Refusal{"unix"}, Refusal{"netlink"},
        Refusal{"socketpair"}, Refusal{"execve"}, Refusal{"fork"}, Refusal{"vfork"},
        Refusal{"clone3", ENOSYS, false}, Refusal{"unshare", EPERM, false}, Refusal{"traceme"},
        Refusal{"trace parent", EPERM, false}, Refusal{"kill parent"}, Refusal{"kill group"},
        Refusal{"kill all"}, Refusal{"tgkill parent"}, Refusal{"signal parent by a descriptor"},
        Refusal{"pidfd of parent", EPERM, false}, Refusal{"read parent", EPERM, false},
        Refusal{"limit parent"}, Refusal{"limit itself"}, Refusal{"outlive parent"},
        Refusal{"io_uring", EPERM, false}, Refusal{"bpf", EPERM, false},
        Refusal{"perf", EPERM, false}, Refusal{"userfaultfd", EPERM, false},
        Refusal{"keyring", EPERM, false}, Refusal{"memfd"}, Refusal{"unmount", EPERM, false},
        Refusal{"chroot", EPERM, false}, Refusal{"personality", EPERM, false},
        Refusal{"map shared memory"}, Refusal{"map memory that grows"}, Refusal{"map code"},
        Refusal{"make code"}),
    name_of);

class SandboxFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!has_landlock()) GTEST_SKIP() << "this kernel has no Landlock";
  }
};

TEST_F(SandboxFiles, AreNotRead) {
  if (kReadsAnything) GTEST_SKIP() << "the report of a sanitizer reads files";
  const std::string memory = "/proc/" + std::to_string(getpid()) + "/mem";
  for (const std::string& path : {std::string("/etc/passwd"), memory, std::string("/proc/self/mem"),
                                  std::string("/dev/zero"), std::string("/bin/true")}) {
    EXPECT_EQ(attempt("lasting", "read", path), EPERM) << path;
    EXPECT_EQ(attempt("once", "read", path), EACCES) << path;
    EXPECT_EQ(attempt("free", "read", path), 0) << path;
  }
  EXPECT_EQ(attempt("lasting", "list", "/"), EPERM);
  EXPECT_EQ(attempt("once", "list", "/"), EACCES);
  EXPECT_EQ(attempt("lasting", "read", "/etc/fonts/fonts.conf"), EPERM);
}

TEST_F(SandboxFiles, ThatFontsNeedAreRead) {
  for (const char* folder : {"/usr/share/fonts", "/etc/fonts"})
    EXPECT_EQ(attempt("once", "list", folder), attempt("free", "list", folder)) << folder;
  const std::string file = "/etc/fonts/fonts.conf";
  EXPECT_EQ(attempt("once", "read", file), attempt("free", "read", file));
}

// Landlock holds by itself as well.
TEST_F(SandboxFiles, AreNeitherReadNorChangedWhereThereIsNoFilter) {
  const TemporaryDirectory directory;
  const std::string file = directory.write("file", "content");
  const std::string other = directory.path() / "other";
  EXPECT_EQ(attempt("files", "write", other), EACCES);
  EXPECT_EQ(attempt("files", "mkdir", other), EACCES);
  EXPECT_EQ(attempt("files", "unlink", file), EACCES);
  EXPECT_EQ(attempt("files", "execve"), EACCES);
  EXPECT_EQ(attempt("files", "read", file), kReadsAnything ? 0 : EACCES);
  EXPECT_EQ(attempt("free", "unlink", file), 0);
}

TEST_F(SandboxFiles, DoNotStopAThreadOrAnAbort) {
  for (const char* how : {"lasting", "once"}) {
    EXPECT_EQ(attempt(how, "thread"), 0);
    EXPECT_EQ(attempt(how, "abort"), 128 + SIGABRT);
  }
}

}  // namespace
}  // namespace imageserver::testing
