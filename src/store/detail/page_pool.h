// Where SQLite keeps the pages that its connections have in memory.
#pragma once

namespace winnow::store {

// Before the first connection is opened: pages get a place of their own beside the heap, shared by
// all connections of the process. They come and go by the thousand each second, between values that
// stay; in the heap they would leave holes that nothing else fits in, and a process that serves
// grows for days. What does not fit goes to the heap. Costs memory only as it is used. Thread-safe;
// once.
void pool_pages();

}  // namespace winnow::store
