#include "tests/unit/models_fixture.h"

#include <caffe2/serialize/inline_container.h>
#include <gtest/gtest.h>
#include <torch/script.h>

namespace misfire::test {

void write_torchscript(const std::filesystem::path& path, const std::string& source,
                       const std::vector<std::pair<std::string, std::vector<std::int64_t>>>& parameters) {
    torch::jit::Module module("TestNet");
    for (const auto& [name, shape] : parameters) {
        std::int64_t size = 1;
        for (const std::int64_t side : shape) size *= side;
        module.register_parameter(name, torch::sin(torch::arange(1, size + 1, at::kFloat)).view(shape), false);
    }
    module.define(source);
    module.save(path.string());
}

void write_state_dict(const std::filesystem::path& path) {
    caffe2::serialize::PyTorchStreamWriter writer(path.string());
    const std::string pickle = "\x80\x02}q.";  // an empty dict
    writer.writeRecord("data.pkl", pickle.data(), pickle.size());
    writer.writeEndOfFile();
}

std::filesystem::path fresh_folder() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    const auto folder = std::filesystem::temp_directory_path() /
                        ("misfire-" + std::string(test->test_suite_name()) + "-" + test->name());
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    return folder;
}

}  // namespace misfire::test
