#include "render/pool/sandbox_gaps.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace imageserver {
namespace {

TEST(SandboxGapsTest, AWholeSandboxHasNone) { EXPECT_EQ(sandbox_gaps({}), ""); }

TEST(SandboxGapsTest, EachPartThatIsMissingIsNamed) {
  constexpr const char* kNoFiles =
      "the sandbox of renderers lacks Landlock: this kernel or container has none";
  for (const int error : {ENOSYS, EOPNOTSUPP, EINVAL}) {
    EXPECT_EQ(sandbox_gaps({error, 0}), kNoFiles);
  }
  EXPECT_EQ(sandbox_gaps({0, EACCES}),
            "the sandbox of renderers lacks its filter of system calls (seccomp): this kernel or "
            "container refuses it (Permission denied)");
  EXPECT_EQ(
      sandbox_gaps({ENOSYS, ENOSYS}),
      std::string(kNoFiles) +
          "; it lacks its filter of system calls (seccomp): this kernel or container has none");
}

}  // namespace
}  // namespace imageserver
