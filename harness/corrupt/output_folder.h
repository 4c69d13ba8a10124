// The folder that `misfire corrupt` writes to.
#pragma once

#include <filesystem>

#include "harness/image_arguments.h"

namespace misfire {

// Makes the folder if need be; true when it was not there. Throws StoreError when it cannot be made or written,
// UsageError when it lies in the folder of the images.
bool prepare_folder(const ImageInput& input, const std::filesystem::path& out);

// The folder is ours alone while this lives. Throws StoreError when another program has it.
class FolderLock {
  public:
    explicit FolderLock(const std::filesystem::path& folder);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

  private:
    int descriptor_;
};

}  // namespace misfire
