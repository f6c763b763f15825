#include "groupcache/await_image.h"

#include <utility>

#include "base/await_result.h"

namespace imageserver {

Awaitable<Result<ImagePtr>> await_image(Group& group, QueryPtr query, bool is_unsure) {
  const Deadline deadline = query->deadline;
  return await_result<ImagePtr>(
      [&group, query = std::move(query), is_unsure](Completion done) -> Leave {
        return [&group, ticket = group.load(query, std::move(done), is_unsure)] {
          return group.leave(ticket);
        };
      },
      deadline);
}

}  // namespace imageserver
