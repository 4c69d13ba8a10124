// Frames of sequences: against Pillow, SciPy and OpenCV in Python, and what every sequence promises.
#include <gmock/gmock.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "core/error.h"
#include "perturbations/sequences/registry.h"
#include "perturbations/sequences/render.h"
#include "perturbations/sequences/schedule.h"
#include "scenarios/data/geometry.h"
#include "scenarios/data/views.h"
#include "scenarios/shifts/sequence_shift.h"

namespace misfire {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Coarse blocks of colour under a ramp, with fine noise: edges, areas and texture.
Image picture(int height, int width, int channels, std::uint64_t key = 5) {
    Image image(height, width, channels);
    const Random random(key);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            for (int c = 0; c < channels; ++c) {
                const auto block = static_cast<std::uint64_t>((y / 9 * 31 + x / 9) * 3 + c);
                const auto place = static_cast<std::uint64_t>((y * width + x) * channels + c);
                const float value = 30.0F + 140.0F * random.uniform(0, block) + 30.0F * random.uniform(1, place) +
                                    50.0F * static_cast<float>(x) / static_cast<float>(width);
                image.pixels[place] = static_cast<std::uint8_t>(value);
            }
        }
    }
    return image;
}

Image frame_of(const Sequence& sequence, const Image& in, int frame, int side, int difficulty = 1,
               std::uint64_t key = 3) {
    thread_local Scratch scratch;
    Image out;
    render_frame(sequence, in, out, {frame, difficulty, side}, Random(key), scratch);
    return out;
}

class TestFolder {
  public:
    TestFolder() : path_(std::filesystem::path(testing::TempDir()) / ("misfire-films-" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(path_);
    }
    ~TestFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    void put(const std::string& name, const void* data, std::size_t size) const {
        std::ofstream(path_ / name, std::ios::binary)
            .write(static_cast<const char*>(data), static_cast<std::streamsize>(size));
    }
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

std::string output_of(const std::string& command) {
    FILE* const pipe = ::popen((command + " 2>&1").c_str(), "r");
    std::string text;
    char buffer[4096];
    while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, pipe)) text.append(buffer, got);
    return ::pclose(pipe) == 0 ? text : "failed: " + text;
}

TEST(Sequences, FramesAreThoseOfPillowSciPyAndOpenCv) {
    constexpr int side = 48;
    const TestFolder folder;
    const Image in = picture(side, side, 3);
    folder.put("in.raw", in.pixels.data(), in.size());
    for (const int stream : {0, 1, 9, 15}) {
        std::vector<float> normal(in.size());
        Random(3).normal(normal, static_cast<std::uint32_t>(stream));
        folder.put("normal_" + std::to_string(stream) + ".raw", normal.data(), normal.size() * sizeof(float));
    }
    int frames = 0;
    for (const auto& sequence : sequences()) {
        if (sequence->info().name == "shot_noise") continue;  // its draws are not NumPy's: see below
        for (const int size : {32, 224}) {
            for (const int frame : {0, 1, 9, 15}) {
                const Image out = frame_of(*sequence, in, frame, size);
                folder.put(sequence->info().name + "_" + std::to_string(size) + "_" + std::to_string(frame) + ".raw",
                           out.pixels.data(), out.size());
                ++frames;
            }
        }
    }
    const std::string seen = output_of("/usr/bin/python3 " MISFIRE_SOURCE_DIR "/tests/python/sequence_frames.py " +
                                       folder.path().string() + " " + std::to_string(side));
    std::istringstream lines(seen);
    int compared = 0;
    for (std::string name, largest, share; lines >> name >> largest >> share; ++compared) {
        // colorsys orders its operations otherwise than skimage, which shows where values are cut at the edge of a
        // level.
        const bool knife_edges = name.starts_with("brightness");
        EXPECT_LE(std::stoi(largest), knife_edges ? 1 : 0) << name << " differs in " << share;
        EXPECT_LE(std::stod(share), knife_edges ? 0.03 : 0.0) << name;
    }
    EXPECT_EQ(compared, frames) << seen;
}

TEST(Sequences, ShotNoiseHasTheMeanAndVarianceOfPoisson) {
    const Sequence& sequence = *find_sequence("shot_noise");
    Image grey(200, 200, 1);
    std::fill(grey.pixels.begin(), grey.pixels.end(), std::uint8_t{102});  // 0.4
    for (const auto& [difficulty, photons] : {std::pair(1, 300.0), std::pair(2, 120.0), std::pair(3, 60.0)}) {
        const Image out = frame_of(sequence, grey, 4, 224, difficulty);
        double sum = 0.0, squares = 0.0;
        for (const std::uint8_t value : out.pixels) {
            sum += (value + 0.5) / 255.0;  // bytes are cut
            squares += (value + 0.5) / 255.0 * (value + 0.5) / 255.0;
        }
        const double n = static_cast<double>(out.size()), mean = sum / n;
        EXPECT_NEAR(mean, 0.4, 0.003);
        EXPECT_NEAR((squares / n - mean * mean) / (0.4 / photons), 1.0, 0.05) << "difficulty " << difficulty;
    }
}

TEST(Sequences, GroupsAreThePublishedTen) {
    EXPECT_THAT(expand_sequence_group("imagenet-p"),
                ElementsAre("gaussian_noise", "shot_noise", "motion_blur", "zoom_blur", "snow", "brightness",
                            "translate", "rotate", "tilt", "scale"));
    EXPECT_THAT(expand_sequence_group("cifar-p"),
                ElementsAre("gaussian_noise", "shot_noise", "motion_blur", "zoom_blur", "spatter", "brightness",
                            "translate", "rotate", "tilt", "scale"));
    EXPECT_TRUE(expand_sequence_group("imagenet-c").empty());
    EXPECT_EQ(sequences().size(), 14U);
}

TEST(Sequences, ParametersAreInterpolatedBetweenSets) {
    const SequenceInfo& gaussian = find_sequence("gaussian_noise")->info();
    EXPECT_EQ(sequence_values(gaussian, 224, 3)[0], 0.08);
    EXPECT_EQ(sequence_values(gaussian, 28, 2)[0], 0.04);
    const int between = 85;  // half way from 32 to 224 in log(side)
    EXPECT_NEAR(sequence_values(gaussian, between, 1)[0], 0.025, 1e-4);
    const SequenceInfo& shot = find_sequence("shot_noise")->info();
    EXPECT_NEAR(1.0 / sequence_values(shot, between, 1)[0], 0.5 / 300 + 0.5 / 700, 1e-5);
    const SequenceInfo& motion = find_sequence("motion_blur")->info();
    EXPECT_EQ(sequence_values(motion, 448, 1)[0], 20.0) << "pixel units grow with the side";
    EXPECT_EQ(sequence_values(motion, 448, 1)[3], 4.0) << "degrees do not";
    EXPECT_EQ(published_frames(motion, 32), 21);
    EXPECT_EQ(published_frames(find_sequence("translate")->info(), 224), 41);
    EXPECT_EQ(published_frames(find_sequence("translate")->info(), 28), 16);
}

class EverySequence : public testing::TestWithParam<std::string> {
  protected:
    const Sequence& sequence_ = *find_sequence(GetParam());
};

TEST_P(EverySequence, SaysWhatItIs) {
    const SequenceInfo& info = sequence_.info();
    for (const std::string& text : {info.summary, info.category, info.reference}) EXPECT_FALSE(text.empty());
    EXPECT_GE(info.published_order, 0);
    for (const SequenceParameter& parameter : info.parameters) {
        EXPECT_FALSE(parameter.meaning.empty());
        for (const char* set : {"32", "224"}) {
            const std::size_t values = parameter.published.at(set).size();
            EXPECT_EQ(values, info.noise ? 3U : 1U) << parameter.name;
        }
    }
    EXPECT_LE(info.parameters.size(), max_sequence_parameters);
}

TEST_P(EverySequence, FramesDependOnKeyAndFrameAlone) {
    for (const int channels : {1, 3}) {
        const Image in = picture(40, 56, channels);
        const Image before = in;
        const Image alone = frame_of(sequence_, in, 7, 40);
        frame_of(sequence_, picture(64, 33, channels), 3, 33, 1, 99);  // something else in the scratch
        for (int frame = 12; frame >= 5; --frame) {
            const Image again = frame_of(sequence_, in, frame, 40);
            EXPECT_EQ(again == alone, frame == 7) << "frame " << frame;
        }
        EXPECT_EQ(in, before);
        EXPECT_TRUE(alone.same_shape(in));
    }
}

TEST_P(EverySequence, DifficultyMakesNoiseStrongerAndNothingElse) {
    const Image in = picture(40, 56, 3);
    const auto distance = [&](int difficulty) {
        const Image out = frame_of(sequence_, in, 5, 224, difficulty);
        double sum = 0.0;
        for (std::size_t i = 0; i < in.size(); ++i) sum += std::abs(out.pixels[i] - in.pixels[i]);
        return sum;
    };
    if (sequence_.info().noise) {
        EXPECT_EQ(frame_of(sequence_, in, 0, 224, 3), in) << "the first frame is clean";
        EXPECT_GT(distance(2), distance(1) * 1.2);
        EXPECT_GT(distance(3), distance(2) * 1.1);
    } else {
        EXPECT_EQ(distance(2), distance(1)) << "difficulty is the stride of the pairs";
    }
}

TEST_P(EverySequence, RefusesWhatItCannotDo) {
    EXPECT_THROW(frame_of(sequence_, picture(40, 40, 3), 41, 224), UsageError);
    EXPECT_THROW(frame_of(sequence_, picture(40, 40, 3), -1, 224), UsageError);
    EXPECT_THROW(frame_of(sequence_, picture(40, 40, 3), 0, 224, 4), UsageError);
    EXPECT_THROW(frame_of(sequence_, picture(15, 40, 3), 0, 224), DataError);
}

INSTANTIATE_TEST_SUITE_P(All, EverySequence, testing::ValuesIn([] {
                             std::vector<std::string> names;
                             for (const auto& sequence : sequences()) names.push_back(sequence->info().name);
                             return names;
                         }()),
                         [](const testing::TestParamInfo<std::string>& tested) { return tested.param; });

MemoryView data_of(const std::vector<Image>& images) {
    std::vector<MemoryView::Entry> entries;
    for (std::size_t i = 0; i < images.size(); ++i) {
        Sample sample;
        sample.key.id = "img/" + std::to_string(i);
        sample.image = images[i];
        entries.push_back({std::move(sample), ""});
    }
    return MemoryView({}, std::move(entries));
}

TEST(SequenceShift, LevelsAreFramesAndPairsFollowTheKind) {
    const std::set<std::pair<int, int>> large = {{224, 224}}, small = {{28, 28}}, both = {{224, 224}, {32, 32}};
    const auto info = [](const SequenceSpec& spec, const std::set<std::pair<int, int>>& sizes) {
        return make_sequence_shift(spec, sizes, 7)->info();
    };
    const ShiftInfo translate = info({"translate-p", "translate", 2, 0}, large);
    EXPECT_EQ(translate.levels.size(), 41U);
    EXPECT_EQ(translate.levels[17].label, "17");
    EXPECT_EQ(translate.kind, "sequence");
    EXPECT_EQ(translate.pairs_with, PairsWith::previous);
    EXPECT_EQ(translate.pairs_stride, 2U);
    EXPECT_FALSE(translate.reference_is_clean);
    EXPECT_EQ(info({"translate-p", "translate", 1, 0}, small).levels.size(), 16U);
    EXPECT_EQ(info({"translate-p", "translate", 1, 0}, both).levels.size(), 16U);
    EXPECT_EQ(info({"translate-p", "translate", 1, 5}, large).levels.size(), 5U);
    const ShiftInfo noise = info({"n", "gaussian_noise", 3, 0}, large);
    EXPECT_EQ(noise.pairs_with, PairsWith::reference);
    EXPECT_EQ(noise.reference_level, 0U);
    EXPECT_NE(noise.version, info({"n", "gaussian_noise", 2, 0}, large).version);
    try {
        info({"translate-p", "translate", 1, 30}, small);
        FAIL() << "was taken";
    } catch (const ScenarioError& error) {
        EXPECT_THAT(error.what(), HasSubstr("has 16 frames at 28 px, and 30 are asked for: give `frames: 16`"));
    }
}

TEST(SequenceShift, FramesDependOnSeedAndSampleIdAlone) {
    const std::vector<Image> images = {picture(32, 32, 3, 1), picture(32, 32, 3, 2), picture(32, 32, 3, 3)};
    const MemoryView all = data_of(images);
    const SubsetView last(all, {2});
    for (const char* name : {"gaussian_noise", "snow", "spatter"}) {
        const auto shift = make_sequence_shift({"x", name, 1, 0}, {{32, 32}}, 7);
        const auto other_seed = make_sequence_shift({"x", name, 1, 0}, {{32, 32}}, 8);
        const Image one = shift->at(all, 4, {})->at(2).image;
        EXPECT_EQ(shift->at(last, 4, {})->at(0).image, one);
        EXPECT_NE(other_seed->at(last, 4, {})->at(0).image, one);
        const MemoryView same_pixels = data_of({images[2], images[2]});
        const auto view = shift->at(same_pixels, 4, {});
        EXPECT_NE(view->at(0).image, view->at(1).image) << name << ": another id, other draws";
    }
}

// Published frames are moved before the crop: what lies beyond it comes into view instead of black.
TEST(SequenceShift, WhatTheCropCutsOffComesIntoView) {
    const MemoryView source = data_of({picture(60, 90, 3)});
    const Geometry geometry{.kind = Geometry::Kind::shorter_side_then_crop, .resize = 64, .crop = 40};
    const GeometryView clean(source, geometry);
    const ShiftContext context{geometry, &source};
    const auto shift = make_sequence_shift({"x", "translate", 1, 0}, {{40, 40}}, 7);
    const Image resized = resize_bilinear(source.image(0), 64, 96);
    const SequenceInfo& info = find_sequence("translate")->info();
    for (const std::size_t frame : {std::size_t{0}, std::size_t{9}}) {
        const SequenceValues values = sequence_values(info, 40, 1);
        const auto by = static_cast<int>(std::lround(values[0] + values[1] * static_cast<double>(frame)));
        const Image out = shift->at(clean, frame, context)->at(0).image;
        ASSERT_EQ(out.width, 40);
        ASSERT_EQ(out.height, 40);
        for (int y = 0; y < 40; ++y) {
            for (int x = 0; x < 40; ++x) {
                const int from = ((y + 12) * 96 + x + 28 - by) * 3;
                ASSERT_EQ(out.pixels[static_cast<std::size_t>((y * 40 + x) * 3)],
                          resized.pixels[static_cast<std::size_t>(from)]);
            }
        }
    }
    const auto rotate = make_sequence_shift({"x", "rotate", 1, 0}, {{40, 40}}, 7);
    EXPECT_EQ(rotate->at(clean, 15, context)->at(0).image, clean.at(0).image) << "the middle frame is the picture";
}

}  // namespace
}  // namespace misfire
