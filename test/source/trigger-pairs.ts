/** Messages for triggers of behavior sets. Few of them repeat the words of their trigger. */

/** Triggers, a message with other words, and whether it sets them off. */
export type TriggerPair = [triggers: readonly string[], said: string, setsOff: boolean];

const ALLERGY = [
  'allergic to something, an allergy',
  'gluten, celiac or coeliac',
  'nuts, peanuts or lactose',
];
const FIRE = ['smoke from the engine', 'fire, flames or burning'];
const ANGER = ['angry, furious or fed up', 'outrageous, unacceptable or a disgrace'];
const MONEY = ['The user asks for a refund', 'wants their money back'];
const FAINT = ['Fainted, fainting, collapsed or unconscious', 'Bleeding'];
const BREATH = ['Cannot breathe, trouble breathing, short of breath, or choking'];
const CHILD = ['The user mentions a baby, a toddler or a child'];
const RIVAL = ['The user mentions a competitor', 'a cheaper offer elsewhere'];
const WEAPON = ['a gun, a knife or another weapon'];
const STUDENT = ['The user is a student', 'a school or a university'];
const MOVING = ['moving house, a new flat or relocating'];
const FRAUD = ['fraud, a scam or a stolen card'];
const PET = ['travels with a dog, a cat or another pet'];
const PREGNANT = ['pregnant, expecting a baby'];
const LAWYER = ['a lawyer, the court or suing'];
const FLOOD = ['water damage, a leak or a flood'];
const DISABLED = ['a wheelchair, a ramp or step-free access'];
const WEDDING = ['a wedding, an engagement or a honeymoon'];
const POISON = ['ate rat poison', 'swallowed antifreeze, eaten chocolate or ate raisins'];
const DEATH = ['a death, a funeral or a bereavement'];

/** Pairs written before triggers were compared by meaning. The thresholds were chosen on them. */
export const TRIGGER_PAIRS: readonly TriggerPair[] = [
  [ALLERGY, 'is there wheat in it?', true],
  [ALLERGY, 'does it contain almonds?', true],
  [ALLERGY, 'I cannot have dairy', true],
  [ALLERGY, 'cashews make me itch', true],
  [FIRE, 'there is a blaze in the kitchen', true],
  [FIRE, 'my car is in flame', true],
  [FIRE, 'something is smouldering under the hood', true],
  [ANGER, 'I am absolutely livid', true],
  [ANGER, 'this makes me so mad', true],
  [ANGER, 'your service is disgraceful', true],
  [ANGER, 'what a scandalous way to treat people', true],
  [MONEY, 'I demand a reimbursement', true],
  [MONEY, 'please reimburse me', true],
  [FAINT, 'she passed out on the floor', true],
  [FAINT, 'he lost consciousness', true],
  [FAINT, 'there is blood everywhere', true],
  [BREATH, 'he is gasping for air', true],
  [BREATH, 'she is suffocating', true],
  [CHILD, 'my little daughter has a temperature', true],
  [CHILD, 'the infant will not sleep', true],
  [CHILD, 'our kids are coming too', true],
  [RIVAL, 'your rival sells it for less', true],
  [WEAPON, 'he has a pistol', true],
  [WEAPON, 'she pulled out a dagger', true],
  [STUDENT, 'I go to college', true],
  [STUDENT, 'I am an undergraduate', true],
  [MOVING, 'we have an apartment in another town now', true],
  [FRAUD, 'a swindler got my data', true],
  [FRAUD, 'a thief has my wallet', true],
  [PET, 'my puppy comes along', true],
  [PET, 'can I bring a kitten?', true],
  [PREGNANT, 'her pregnancy is in the sixth month', true],
  [LAWYER, 'you will hear from my attorney', true],
  [LAWYER, 'I will see you before a judge', true],
  [FLOOD, 'the cellar is flooded', true],
  [FLOOD, 'a pipe is dripping', true],
  [DISABLED, 'is there an elevator for people who cannot walk?', true],
  [WEDDING, 'we are getting married in June', true],
  [WEDDING, 'it is for my bride', true],
  [POISON, 'she swallowed some rodent poison', true],
  [DEATH, 'my grandfather died last week', true],
  [DEATH, 'his burial is on Friday', true],

  [ALLERGY, 'Guten Abend', false],
  [ALLERGY, 'a large one with extra cheese please', false],
  [ALLERGY, 'are you nuts about football too?', false],
  [ALLERGY, 'what time do you close?', false],
  [FIRE, 'the engine will not start', false],
  [FIRE, 'I was fired last year', false],
  [FIRE, 'the battery is empty', false],
  [FIRE, 'the heater is warm', false],
  [ANGER, 'I am happy with it', false],
  [ANGER, 'thank you, that was kind', false],
  [ANGER, 'I am a little tired', false],
  [MONEY, 'how much does it cost?', false],
  [MONEY, 'can I pay by card?', false],
  [MONEY, 'I would like to order another one', false],
  [FAINT, 'my arm hurts', false],
  [FAINT, 'I need a new prescription', false],
  [FAINT, 'she is asleep', false],
  [BREATH, 'the air conditioning is noisy', false],
  [BREATH, 'I have a cough', false],
  [CHILD, 'my husband and I', false],
  [CHILD, 'a table for two adults', false],
  [RIVAL, 'which offer do you have today?', false],
  [RIVAL, 'how long does delivery take?', false],
  [WEAPON, 'I need a fork and a plate', false],
  [WEAPON, 'the tool is broken', false],
  [STUDENT, 'I work in an office', false],
  [STUDENT, 'the library is closed', false],
  [MOVING, 'can we move the appointment?', false],
  [MOVING, 'the house has a garden', false],
  [FRAUD, 'my card is blue', false],
  [FRAUD, 'I want to pay now', false],
  [PET, 'we are two people', false],
  [PET, 'is breakfast included?', false],
  [PREGNANT, 'I am expecting a parcel', false],
  [LAWYER, 'the tennis court is wet', false],
  [LAWYER, 'my doctor said so', false],
  [FLOOD, 'a glass of water please', false],
  [FLOOD, 'the screen is damaged', false],
  [DISABLED, 'the door is locked', false],
  [WEDDING, 'it is my birthday', false],
  [WEDDING, 'a party for ten', false],
  [POISON, 'she eats well', false],
  [DEATH, 'the battery is dead', false],
  [DEATH, 'my grandfather is ninety', false],
];

/** Pairs written after the thresholds were chosen, and never used to choose them. */
export const UNSEEN_PAIRS: readonly TriggerPair[] = [
  [['hunger, starving or famished'], 'I could eat a horse', false],
  [['vegan, vegetarian or plant-based'], 'no meat for me', false],
  [['vegan, vegetarian or plant-based'], 'do you have tofu?', true],
  [['a hotel, lodging or accommodation'], 'where is the nearest motel?', true],
  [['a hotel, lodging or accommodation'], 'where is the bakery?', false],
  [['snow, ice or frost'], 'it is freezing and there is a blizzard', true],
  [['snow, ice or frost'], 'it is sunny', false],
  [['a passport, a visa or immigration'], 'the consulate has my papers', true],
  [['a passport, a visa or immigration'], 'my ticket is late', false],
  [['a broken bone or a fracture'], 'I think my wrist is fractured', true],
  [['a broken bone or a fracture'], 'my phone is broken', false],
  [['drunk, alcohol or beer'], 'I had too much wine', true],
  [['drunk, alcohol or beer'], 'I had some soup', false],
  [['theft, burglary or robbery'], 'someone burgled my flat', true],
  [['theft, burglary or robbery'], 'someone called my flat', false],
  [['an airplane or an airport'], 'my flight got cancelled', true],
  [['an airplane or an airport'], 'my bus was late', false],
  [['unemployed, laid off or redundant'], 'I lost my job', false],
  [['depressed, sad or hopeless'], 'I feel so gloomy', true],
  [['depressed, sad or hopeless'], 'I feel fine', false],
  [['insects, spiders or vermin'], 'there are cockroaches in the bath', true],
  [['insects, spiders or vermin'], 'there are towels in the bath', false],
  [['loud music or noise'], 'the neighbours are so noisy', true],
  [['loud music or noise'], 'the neighbours are nice', false],
  [['a tax, customs or duty'], 'what about VAT and tariffs?', true],
  [['a tax, customs or duty'], 'what about the colour?', false],
  [['diabetes or insulin'], 'my blood sugar is high, I am diabetic', true],
  [['diabetes or insulin'], 'I take sugar in my coffee', false],
  [['an earthquake or a storm'], 'the hurricane took the roof', true],
  [['an earthquake or a storm'], 'I need a new roof', false],
  [['a bicycle or cycling'], 'where can I lock my bike?', true],
  [['a bicycle or cycling'], 'where can I park my car?', false],
  [['a doctor, a nurse or a hospital'], 'I work as a surgeon', true],
  [['a doctor, a nurse or a hospital'], 'I work as a baker', false],
  [['poisonous or toxic'], 'is it harmful when swallowed?', true],
  [['poisonous or toxic'], 'is it cheap?', false],
  [['a discount or a coupon'], 'do you have vouchers?', true],
  [['a discount or a coupon'], 'do you have chairs?', false],
];
