/** Places to stand at, for whoever tries a location: some of Chiang Rai, or any point of the map. */

import { ask, labelled } from "./dialogs.js";
import { make } from "./dom.js";

const PLACES = [
  { title: "หอนาฬิกาเชียงราย", address: "ถนนบรรพปราการ ตำบลเวียง อำเภอเมืองเชียงราย", latitude: 19.9071, longitude: 99.8309 },
  { title: "ที่ว่าการอำเภอเทิง", address: "ตำบลเวียง อำเภอเทิง จังหวัดเชียงราย", latitude: 19.6866, longitude: 100.1967 },
  { title: "ตลาดแม่สาย", address: "ถนนพหลโยธิน ตำบลเวียงพางคำ อำเภอแม่สาย", latitude: 20.4331, longitude: 99.8762 },
  { title: "วัดร่องขุ่น", address: "ตำบลป่าอ้อดอนชัย อำเภอเมืองเชียงราย", latitude: 19.8242, longitude: 99.7631 },
  { title: "ท่าอากาศยานแม่ฟ้าหลวง เชียงราย", address: "ตำบลบ้านดู่ อำเภอเมืองเชียงราย", latitude: 19.9523, longitude: 99.8829 },
  { title: "สามเหลี่ยมทองคำ", address: "ตำบลเวียง อำเภอเชียงแสน", latitude: 20.3528, longitude: 100.0826 },
];
const FREE = "free";

/** A location message's content, or null for whoever thought better of it. */
export function askForPlace() {
  const select = make("select", { class: "field" },
    PLACES.map(({ title }, place) => make("option", { value: String(place) }, title)),
    make("option", { value: FREE }, "จุดอื่น (ใส่พิกัดเอง)"));
  const latitude = coordinate("19.9105", 90);
  const longitude = coordinate("99.8406", 180);
  const point = make("div", { class: "sheet-pair", hidden: true }, labelled("ละติจูด", latitude), labelled("ลองจิจูด", longitude));
  const wrong = make("p", { class: "wrong", role: "alert" });
  select.addEventListener("change", () => { point.hidden = select.value !== FREE; });
  const take = () => {
    if (select.value !== FREE) return PLACES[Number(select.value)];
    if (latitude.checkValidity() && longitude.checkValidity()) return { latitude: Number(latitude.value), longitude: Number(longitude.value) };
    wrong.textContent = "พิกัดไม่ถูกต้อง ละติจูดอยู่ระหว่าง -90 ถึง 90 ลองจิจูดระหว่าง -180 ถึง 180 ค่ะ";
    return undefined;
  };
  return ask({
    title: "ส่งตำแหน่งที่ตั้ง",
    content: [labelled("ตอนนี้อยู่ที่", select), point, wrong],
    buttons: [{ label: "ยกเลิก", value: null }, { label: "ส่ง", value: take, kind: "main" }],
  });
}

function coordinate(value, most) {
  return make("input", { class: "field", type: "number", step: "any", min: String(-most), max: String(most), value, required: "", inputmode: "decimal" });
}
