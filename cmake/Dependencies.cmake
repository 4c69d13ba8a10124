# Every library of the product, once. Imported targets are SYSTEM: their headers raise no warnings of ours.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenCV 4.5 REQUIRED COMPONENTS core imgproc imgcodecs)
find_package(yaml-cpp REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(TBB REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(Boost 1.74 REQUIRED COMPONENTS program_options)
find_package(HDF5 REQUIRED COMPONENTS C)
find_package(LibArchive REQUIRED)
find_package(JPEG REQUIRED)
find_package(ZLIB REQUIRED)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)
pkg_check_modules(EXIF REQUIRED IMPORTED_TARGET libexif)

# LibTorch by its libraries rather than its CMake package: Debian's drags in Python, gflags, glog and protobuf for nothing.
# CMAKE_PREFIX_PATH points at another LibTorch, such as an unpacked 2.x.
find_path(TORCH_INCLUDE_DIR torch/script.h REQUIRED)
find_path(TORCH_API_INCLUDE_DIR torch/all.h HINTS ${TORCH_INCLUDE_DIR}/torch/csrc/api/include REQUIRED)
find_library(TORCH_LIBRARY torch REQUIRED)
find_library(TORCH_CPU_LIBRARY torch_cpu REQUIRED)
find_library(C10_LIBRARY c10 REQUIRED)
add_library(misfire_torch INTERFACE)
target_include_directories(misfire_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIR} ${TORCH_API_INCLUDE_DIR})
target_link_libraries(misfire_torch INTERFACE ${TORCH_LIBRARY} ${TORCH_CPU_LIBRARY} ${C10_LIBRARY})

add_library(misfire_opencv INTERFACE)
target_include_directories(misfire_opencv SYSTEM INTERFACE ${OpenCV_INCLUDE_DIRS})
target_link_libraries(misfire_opencv INTERFACE opencv_core opencv_imgproc opencv_imgcodecs)

add_library(misfire_hdf5 INTERFACE)
target_include_directories(misfire_hdf5 SYSTEM INTERFACE ${HDF5_INCLUDE_DIRS})
target_link_libraries(misfire_hdf5 INTERFACE ${HDF5_C_LIBRARIES})
