// Runs with out-of-distribution samples, as a user gets them.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "cli/program.h"

namespace misfire::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

const json& point_of(const json& results, const std::string& cell, const std::string& metric) {
    for (const json& point : results["points"]) {
        if (point["cell"] == cell && point["metric"] == metric && point["group"] == "") return point;
    }
    throw std::out_of_range("no point " + cell + " " + metric);
}

const std::string base = R"(
name: small
seed: 3
models: [zoo:fashion_resnet]
data: zoo:fashion_test
limit: 120
)";

class OodRuns : public testing::Test {
  protected:
    Finished run(const std::string& shifts, std::vector<std::string> more = {}) {
        write_file(folder_ / "small.yaml", base + "shifts:\n  - ood: " + shifts + "\n");
        std::vector<std::string> command = {"run", "small.yaml", "--json"};
        command.insert(command.end(), more.begin(), more.end());
        return misfire(command, {folder_.path(), {}, {}});
    }
    json python(const std::string& script) {
        const Finished done = run_program(
            {"/usr/bin/python3", "-c", "import h5py, json\nimport numpy as np\n" + script}, {folder_.path(), {}, {}});
        EXPECT_EQ(done.code, 0) << done.err;
        return json::parse(done.out);
    }
    TemporaryFolder folder_;
};

TEST_F(OodRuns, SayHowWellKnownAndUnknownAreToldApart) {
    const Finished done = run("{sets: [{generated: gaussian}], fractions: [0.5, 1]}", {"--out", "out"});
    ASSERT_EQ(done.code, 0) << done.err;
    const json results = json::parse(done.out);
    EXPECT_EQ(point_of(results, "fashion_resnet/clean/0", "auroc:msp")["status"], "undefined");
    for (const char* cell : {"fashion_resnet/gaussian/0.5", "fashion_resnet/gaussian/1"}) {
        EXPECT_GT(point_of(results, cell, "auroc:msp")["value"].get<double>(), 0.8) << cell;
        EXPECT_LT(point_of(results, cell, "fpr95_id_positive:msp")["value"].get<double>(), 0.9) << cell;
    }
    EXPECT_EQ(point_of(results, "fashion_resnet/gaussian/0.5", "accuracy")["n"], 60) << "of the known half";
    EXPECT_EQ(point_of(results, "fashion_resnet/gaussian/1", "accuracy")["status"], "undefined");
    EXPECT_LT(point_of(results, "fashion_resnet/gaussian/1", "ood_mean_confidence")["value"].get<double>(), 0.9);
}

TEST_F(OodRuns, AgreeWithScikitLearnOnWhatTheyKeep) {
    ASSERT_EQ(run("{sets: [{generated: perlin}], fractions: [0.5]}",
                  {"--out", "out", "--set", "fit=zoo:fashion_fit", "--set",
                   "metrics=[\"auroc:knn\", \"auroc:energy\", \"auroc:msp\", accuracy]"})
                  .code,
              0);
    const json said = python(R"(
from sklearn.metrics import roc_auc_score
import pandas as pd
points = pd.read_hdf('out/results.h5', 'points')
points = points[(points.level == 0.5) & (points.group == '')].set_index('metric').value
cell = h5py.File('out/results.h5')['samples/outcomes/fashion_resnet/perlin/0.5']
known = 1 - cell['ood'][:]
out = {}
for score, column in (('knn', 'score_knn'), ('energy', 'score_energy'), ('msp', 'score_msp')):
    out[score] = abs(roc_auc_score(known, cell[column][:].astype(float)) - points['auroc:' + score])
out['accuracy'] = abs(cell['correct'][:][known == 1].mean() - points['accuracy'])
out['unjudged'] = int((cell['correct'][:][known == 0] == -1).all())
print(json.dumps(out))
)");
    for (const char* name : {"knn", "energy", "msp", "accuracy"}) EXPECT_LT(said[name].get<double>(), 1e-9) << name;
    EXPECT_EQ(said["unjudged"], 1) << "no answer to a foreign image is right or wrong";
}

TEST_F(OodRuns, ListTheMostConfidentOfEveryClassAndTheRisk) {
    ASSERT_EQ(
        run("{sets: [{generated: stripes}, {held_out: [bag], name: bags}], fractions: [1]}", {"--out", "out"}).code, 0);
    const json said = python(R"(
file = h5py.File('out/results.h5')
rows, wrong, bags = file['ood/most_confident'][:], 0, set(x.decode() for x in file['ood/bags/id'][:])
for model, shift, label in set((r['model'], r['shift'], r['label']) for r in rows):
    cell = file[f'samples/outcomes/{model.decode()}/{shift.decode()}/{label.decode()}']
    prediction, confidence = cell['prediction'][:], cell['confidence'][:]
    for c in set(prediction):
        mine = rows[(rows['shift'] == shift) & (rows['label'] == label) & (rows['prediction'] == c)]
        best = np.sort(confidence[prediction == c])[::-1][:10]
        wrong += int(not np.allclose(mine['confidence'], best)) + int(list(mine['rank']) != list(range(1, len(best) + 1)))
risk = file['risk_coverage/stripes/msp']
print(json.dumps({'wrong': wrong, 'rows': len(rows), 'named': all(r['class'] for r in rows),
                  'bags': all(r['ood_id'].decode() in bags for r in rows if r['shift'] == b'bags'),
                  'answers': int(np.max(file['samples/outcomes/fashion_resnet/bags/1/prediction'][:])),
                  'bag': any(r['class'] == b'bag' for r in rows),
                  'shape': risk.shape, 'risk': float(risk[0, 1, 99])}))
)");
    EXPECT_EQ(said["wrong"], 0);
    EXPECT_GT(said["rows"], 10);
    EXPECT_EQ(said["named"], true);
    EXPECT_EQ(said["bags"], true);
    EXPECT_LE(said["answers"], 8) << "nine outputs are left";
    EXPECT_EQ(said["bag"], false) << "what is held out cannot be answered";
    EXPECT_EQ(said["shape"], json({1, 2, 100}));
    EXPECT_EQ(said["risk"], 1.0) << "whoever refuses nothing is wrong on everything foreign";
}

TEST_F(OodRuns, DependOnNeitherThreadsNorBlocksNorBatches) {
    const std::string shifts = "{sets: [{generated: all}, {held_out: [bag]}], fractions: [0.4]}";
    ASSERT_EQ(run(shifts, {"--out", "a", "--threads", "1"}).code, 0);
    ASSERT_EQ(run(shifts, {"--out", "b", "--threads", "2", "--set", "block=17", "--set", "batch=8"}).code, 0);
    EXPECT_EQ(difference_of_results(folder_ / "a/results.h5", folder_ / "b/results.h5"), "");
}

TEST_F(OodRuns, NeedNoLabels) {
    const Finished done = run("{sets: [{generated: mosaic}], fractions: [0.5, 1]}",
                              {"--out", "out", "--set", "data={zoo: fashion_test, labels: none}"});
    ASSERT_EQ(done.code, 0) << done.err;
    const json results = json::parse(done.out);
    EXPECT_EQ(point_of(results, "fashion_resnet/mosaic/0.5", "auroc:msp")["status"], "ok");
    EXPECT_EQ(point_of(results, "fashion_resnet/mosaic/0.5", "accuracy")["value"], 1.0) << "the clean answer stands";
}

TEST_F(OodRuns, RefuseWhatIsKnownAndUnknownAtOnce) {
    const Finished same = run("{sets: [zoo:fashion_test]}");
    EXPECT_EQ(same.code, 2);
    EXPECT_THAT(same.err, AllOf(HasSubstr("of the 120 images of the run"), HasSubstr("pixel for pixel")));
    EXPECT_EQ(run("{sets: [zoo:fashion_fit]}").code, 0)
        << "other images of the same classes are allowed: near, not equal";
}

TEST_F(OodRuns, RefuseToHoldOutWhatIsNotThere) {
    EXPECT_THAT(run("{sets: [{held_out: [bags]}]}").err, HasSubstr("has no class `bags`. Did you mean `bag`?"));
    const std::string all = "[t-shirt, trouser, pullover, dress, coat, sandal, shirt, sneaker, bag]";
    EXPECT_THAT(run("{sets: [{held_out: " + all + "}]}").err, HasSubstr("fewer than two classes"));
    EXPECT_THAT(run("{sets: [{images: nowhere}]}").err, HasSubstr("nowhere"));
    const Finished table = misfire({"run", "credit-stress", "--set", "shifts=[{ood: {sets: [{generated: flat}]}}]"},
                                   {folder_.path(), {}, {}});
    EXPECT_EQ(table.code, 2);
    EXPECT_THAT(table.err, HasSubstr("changes images, and the data is a table"));
}

TEST_F(OodRuns, AreListedDescribedAndDrawn) {
    EXPECT_THAT(misfire({"list", "ood"}).out, AllOf(HasSubstr("phase_scramble"), HasSubstr("images of two classes")));
    EXPECT_THAT(misfire({"list", "metrics"}).out, HasSubstr("fpr95_ood_positive:<score>"));
    EXPECT_THAT(misfire({"describe", "auroc"}).out, HasSubstr("DeLong"));
    EXPECT_THAT(misfire({"describe", "auroc:<score>"}).out, HasSubstr("DeLong"));
    EXPECT_THAT(misfire({"describe", "ood:perlin"}).out, HasSubstr("out-of-distribution set"));
    EXPECT_EQ(json::parse(misfire({"describe", "mosaic", "--json"}).out)["needs"], "images of two classes");
    EXPECT_THAT(misfire({"describe", "perlim"}).err, HasSubstr("Did you mean `perlin`?"));
    const Finished drawn = misfire({"preview", "hallucinate", "--out", "sheet.png"}, {folder_.path(), {}, {}});
    EXPECT_EQ(drawn.code, 0) << drawn.err;
    EXPECT_TRUE(std::filesystem::exists(folder_ / "sheet.png"));
}

}  // namespace
}  // namespace misfire::test
